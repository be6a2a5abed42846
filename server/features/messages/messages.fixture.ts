import { sql } from 'kysely'
import { type Caller, callerOf, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { type Settings, setChannel } from '../channels/settings/settings.ts'
import { gatewayNames, gatewaySamples } from '../channels/sms/gateway-samples.ts'
import type { SmsSettings } from '../channels/sms/settings.ts'
import { putTemplate } from '../channels/sms/templates.ts'

/** A message that arrived through WeCom, as reported by the sandbox. */
export type ShownMessage = {
  n: number
  to: string[]
  dropped: unknown[]
  msgtype: string
  msgId: string
  content: Record<string, string>
  deduplicated?: boolean
  recalledAt?: string
}
export type ShownSms = { vendor: string; phone: string; userid: string; text: string; context: string }
export type ShownMail = {
  to: string[]
  userids: string[]
  subject: string
  html: string
  text: string
  messageId: string
}

async function entries<T>(world: World, channel: string): Promise<T[]> {
  const all: T[] = []
  for (let since = 0; ; ) {
    const page = await world.control(`messages?channel=${channel}&limit=10000&since=${since}`)
    const messages = page['messages'] as T[]
    if (messages.length === 0) return all
    all.push(...messages)
    since = page['next'] as number
  }
}

export const shownWecom = (world: World) => entries<ShownMessage>(world, 'wecom')
export const shownSms = (world: World) => entries<ShownSms>(world, 'sms')
export const shownMail = (world: World) => entries<ShownMail>(world, 'mail')

/** The WeCom messages containing this text that reached somebody. */
export async function arrived(world: World, text: string): Promise<ShownMessage[]> {
  const shown = await shownWecom(world)
  return shown.filter(one => !one.deduplicated && JSON.stringify(one.content).includes(text))
}

/** Allows the sandbox's agents to send; the first becomes the message centre's agent. */
export async function useAgents(world: World): Promise<number[]> {
  for (const { agentId, name, secret } of world.sandbox.agents) {
    await putAgent(world.ctx, 'test', world.corpId, { agentId, name, secret, uses: ['messages'] })
  }
  const ids = world.sandbox.agents.map(agent => agent.agentId)
  await useWecom(world, { agentId: ids[0] })
  return ids
}

/** Changes some of the settings of WeCom's messages. */
export function useWecom(world: World, change: Settings): Promise<void> {
  const { settings } = world.ctx.messageSettings.setupOf<Settings>(world.corpId, 'wecom')
  return setChannel(world.ctx, 'test', world.corpId, 'wecom', { ...settings, ...change })
}

export function smtpOf(world: World) {
  const { host, port, user, password, ca } = world.sandbox.smtp
  const from = '消息中心 <noreply@huayu.example>'
  return { host, port, user, password, ca, security: 'starttls' as const, from }
}

/** `change` is `null` to turn mail off. */
export const useSmtp = (world: World, change: Settings | null = {}) =>
  setChannel(world.ctx, 'test', world.corpId, 'email', change && { ...smtpOf(world), ...change })

export type Vendor = 'tencent' | 'aliyun'
export const vendors: readonly Vendor[] = ['tencent', 'aliyun']

/** The vendors of the sandbox, its three gateways too. */
export const smsWays = ['tencent', 'aliyun', 'huawei', ...gatewayNames] as const
export type SmsWay = (typeof smsWays)[number]

export function smsSettingsOf(world: World, way: SmsWay): SmsSettings {
  const { tencent, aliyun, huawei, gateway, endpoint } = world.sandbox.sms
  switch (way) {
    case 'tencent': {
      const { secretId, secretKey, sdkAppId, signName } = tencent
      return { vendor: way, secretId, secretKey, sdkAppId, region: 'ap-guangzhou', signName, endpoint }
    }
    case 'aliyun': {
      const { accessKeyId, accessKeySecret, signName } = aliyun
      return { vendor: way, accessKeyId, accessKeySecret, signName, endpoint }
    }
    case 'huawei': {
      const { appKey, appSecret, channelNumber, signName } = huawei
      return { vendor: way, appKey, appSecret, channelNumber, signName, address: `http://${endpoint}` }
    }
    default: {
      const url = `http://${endpoint}/sms-gateway/${way}`
      return { vendor: 'http', name: way, ...gatewaySamples[way].sets, ...gateway, url }
    }
  }
}

/** Configures these vendors in this order, with a template `code` that takes two variables. */
export async function useSmsOrder(world: World, ways: readonly [SmsWay, ...SmsWay[]]): Promise<void> {
  const { ctx, corpId } = world
  const { tencent, aliyun, huawei } = world.sandbox.sms
  while (ctx.messageSettings.setupOf(corpId, 'sms').settings)
    await setChannel(ctx, 'test', corpId, 'sms', null)
  for (const [index, way] of ways.entries())
    await setChannel(ctx, 'test', corpId, 'sms', smsSettingsOf(world, way), { place: index + 1 })
  const ids = {
    tencent: tencent.templates[0]?.id,
    aliyun: aliyun.templates[0]?.code,
    huawei: huawei.templates[0]?.id,
  }
  const idOf = (way: SmsWay) => ids[way as keyof typeof ids] ?? ''
  const vendors = ways.slice(1).map(way => [way, { id: idOf(way), signName: '', params: [] }])
  await putTemplate(ctx, 'test', corpId, {
    id: 'code',
    signName: '',
    text: ways.some(way => way in gatewaySamples) ? '您的验证码为{1}，{2}分钟内有效。' : '',
    params: ['code', 'minute'],
    vendorId: idOf(ways[0]),
    vendors: Object.fromEntries(vendors),
  })
}

/** The same for one. */
export const useSms = (world: World, vendor: Vendor): Promise<void> => useSmsOrder(world, [vendor])

/** A caller with a new token, because tests move the clock past the life of the previous one. */
export const fresh = (world: World, { devId, devSecret }: Caller = world.dev): Caller =>
  callerOf(world.server.url, { devId, devSecret })

export const statusOf = async (world: World, msgId: string, dev = world.dev) =>
  (await fresh(world, dev).get('/api/message/status', { msgId })).body

/** Makes a waiting message look as if the node had died during its call, this long ago. */
export async function dieDuringCall(world: World, msgId: string, agoMs: number, isChecked = true) {
  const at = new Date(world.ctx.now() - agoMs)
  await sql`
    update message_part set state = 'sending', attempts = attempts + 1, unsure_since = ${at}, is_checked = ${isChecked},
      next_attempt_at = ${new Date(at.getTime() + 60_000)} where message_id = ${msgId}`.execute(world.ctx.db)
  await sql`update queue set due_at = least(due_at, ${new Date(at.getTime() + 60_000)}) where stream = 'messages'`.execute(
    world.ctx.db,
  )
}

/** Advances the clock and waits until everything that is due then has happened. */
export async function later(world: World, ms: number): Promise<void> {
  world.clock.offsetMs += ms
  await world.ctx.dispatcher.drain()
}

type SendAnswer = Record<string, string> & Record<'msgId' | 'code' | 'message' | 'status', string>

/** Sends a text to 张三, or to the receivers that `body` names, and returns the answer with its code. */
export async function sendText(world: World, content: string, body: object = {}): Promise<SendAnswer> {
  const common = { toUser: 'zhangsan', sendType: '0', msgType: '03', agentName: '审批', content }
  const answer = await fresh(world).post('/api/message/send', { ...common, ...body })
  return { code: answer.retCode, message: answer.retMessage, ...answer.body } as SendAnswer
}

/** Makes the next send to WeCom fail in this way. */
export function faultSend(world: World, mode: string, more: object = {}) {
  return world.control('faults', { match: 'message/send', mode, times: 1, ...more })
}

/** Resolves when a fault has struck: the call that it holds up is under way. */
export function struck(world: World): Promise<boolean> {
  return until('a call under way', async () => {
    const { faults } = (await world.control('faults')) as { faults: { hits: number }[] }
    return faults.some(one => one.hits > 0)
  })
}
