import type { Context } from '../../server/context.ts'
import { changeSettings, putTemplate } from '../../server/messages/settings/settings.ts'
import type { SandboxInfo } from './sandbox-control.ts'

/** Sets up the message centre: WeCom messages by the sample agent, mail and SMS by the sandbox's servers. */
export async function connectMessageCentre(
  ctx: Context,
  actor: string,
  info: SandboxInfo,
  agentId: number,
): Promise<void> {
  const { corpId, smtp, sms } = info
  const { tencent, endpoint } = sms
  await changeSettings(ctx, actor, corpId, {
    agentId,
    smtp: { ...smtp, security: 'starttls', from: '消息中心 <noreply@wisp.example>' },
    sms: {
      vendor: 'tencent',
      secretId: tencent.secretId,
      secretKey: tencent.secretKey,
      sdkAppId: tencent.sdkAppId,
      region: 'ap-guangzhou',
      signName: tencent.signName,
      endpoint,
    },
  })
  for (const { id, text } of tencent.templates) {
    const params = [...text.matchAll(/\{(\d)\}/g)].map(match => `p${match[1]}`)
    await putTemplate(ctx, actor, corpId, { id, vendorId: id, signName: '', params, text })
  }
}
