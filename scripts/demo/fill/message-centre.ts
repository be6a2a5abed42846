import { saveWays } from '../../../server/callers/sign-in/ways/ways.ts'
import type { Context } from '../../../server/context.ts'
import { setChannel } from '../../../server/features/channels/settings/settings.ts'
import { putTemplate } from '../../../server/features/channels/sms/templates.ts'
import { createChat } from '../../../server/features/group-chats/chats.ts'
import { addRobot, robotsOf } from '../../../server/features/group-robots/robots.ts'
import { isThere } from '../../../server/organisation/directory/mirror/members.ts'
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

const robotNames = { wecom: '机房值班群', dingtalk: '钉钉项目群', feishu: '飞书值班群' }

/** Adds the sandbox's group robots, by which the sample developer sends; returns their ids by vendor. */
export async function addGroupRobots(
  ctx: Context,
  actor: string,
  { corpId, robots }: SandboxInfo,
  devId: string,
): Promise<Record<string, string>> {
  const known = [...robotsOf(ctx, corpId).values()]
  const ids: Record<string, string> = {}
  for (const { vendor, address, secret } of robots) {
    const given = {
      name: robotNames[vendor],
      vendor,
      address,
      devIds: [devId],
      ...(secret ? { secret } : {}),
    }
    ids[vendor] = known.find(one => one.vendor === vendor)?.id ?? (await addRobot(ctx, actor, corpId, given))
  }
  return ids
}

/** Makes a group chat of two members, by which the sample developer sends; the same one at each start. */
export async function addGroupChat(ctx: Context, corpId: string, devId: string): Promise<string | undefined> {
  const developer = ctx.developers.get(devId)
  if (!developer) return undefined
  const { chat } = await ctx.mirrors.during(corpId, () => {
    const { members } = ctx.mirrors.of(corpId)
    const there = [...members.direct(1), ...members.all()].filter(isThere)
    const userIds = new Set(there.map(core => core.userId))
    return createChat(ctx, developer, {
      name: '上线通知群',
      toUser: [...userIds].slice(0, 2),
      toParty: [],
      toTag: [],
      follow: false,
      requestId: 'demo',
    })
  })
  return chat.id
}

/** The vendors of SMS that the corp has, in the order in which they are tried. */
export function smsVendorsOf(ctx: Context, corpId: string): string[] {
  const { settings, further = [] } = ctx.messageSettings.setupOf<{ vendor: string }>(corpId, 'sms')
  return [settings, ...further].flatMap(one => one?.vendor ?? [])
}
