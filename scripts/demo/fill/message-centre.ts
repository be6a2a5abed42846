import { saveWays } from '../../../server/callers/sign-in/ways/ways.ts'
import type { Context } from '../../../server/context.ts'
import { setChannel } from '../../../server/features/channels/settings/settings.ts'
import { putTemplate } from '../../../server/features/channels/sms/templates.ts'
import type { SandboxInfo } from '../sandbox-control.ts'

/** Sets up the message centre: WeCom messages by the sample agent, mail and SMS by the sandbox's servers. */
export async function connectMessageCentre(
  ctx: Context,
  actor: string,
  info: SandboxInfo,
  agentId: number,
): Promise<void> {
  const { corpId, smtp, sms } = info
  const { tencent, endpoint } = sms
  await setChannel(ctx, actor, corpId, 'wecom', { agentId })
  const from = '消息中心 <noreply@wisp.example>'
  await setChannel(ctx, actor, corpId, 'email', { ...smtp, security: 'starttls', from })
  await setChannel(ctx, actor, corpId, 'sms', {
    vendor: 'tencent',
    secretId: tencent.secretId,
    secretKey: tencent.secretKey,
    sdkAppId: tencent.sdkAppId,
    signName: tencent.signName,
    endpoint,
  })
  for (const { id, text } of tencent.templates) {
    const params = [...text.matchAll(/\{(\d)\}/g)].map(match => `p${match[1]}`)
    await putTemplate(ctx, actor, corpId, { id, vendorId: id, signName: '', params, text })
    if (text.includes('验证码')) await saveWays(ctx, actor, corpId, { smsTemplate: id })
  }
}
