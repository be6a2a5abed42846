import { followerOf } from '../api/user.ts'
import type { CallRequest, Input } from '../call.ts'
import { OfficialError } from '../error.ts'
import { object, text } from '../input.ts'
import type { Account, Job } from '../state/account.ts'
import type { Follower } from '../state/followers.ts'
import type { Records } from '../state/records.ts'
import type { Template } from '../state/template.ts'
import { templatesOf } from '../state/templates.ts'
import { readValues, shownRows } from './fields.ts'

/** A message that WeChat did not let through, as wxa/sec/queryblocktmplmsg tells it. */
export interface BlockedMessage {
  id: number
  tmpl_msg_id: string
  title: string
  content: string
  /** In seconds. */
  send_timestamp: number
  openid: string
}

export const blockedOf = (account: Account): Records<BlockedMessage> =>
  account.collection<BlockedMessage>('blocked')

/** What was sent under a client_msg_id. */
interface ClientMessage {
  msgId: string
  /** In ms. */
  at: number
}

/** message/template/send: the message comes, and its event, a little later. */
export function sendTemplate(ask: CallRequest): Input {
  const { platform, account, input } = ask
  const { rules } = platform
  const follower = followerOf(account, input, 'touser')
  const template = templatesOf(account).get(text(input, 'template_id', 40037) ?? '')
  if (!template) throw new OfficialError(40037)
  if (!follower.subscribed) throw new OfficialError(43004)
  const values = readValues(template.content, object(input, 'data', 47003))
  const client = clientId(ask, follower)
  const known = client === undefined ? undefined : sentOf(account).get(client)
  if (client !== undefined && known && platform.now() - known.at < rules.templateClientIdSeconds * 1000)
    return { errcode: 0, errmsg: 'ok', msgid: known.msgId }
  checkFrequency(ask, follower)
  const msgId = platform.nextId()
  if (client !== undefined) sentOf(account).set(client, { msgId, at: platform.now() })
  platform.schedule(account, rules.templateJobMs, endOf(ask, template, follower, { msgId, values }))
  return { errcode: 0, errmsg: 'ok', msgid: msgId }
}

const sentOf = (account: Account): Records<ClientMessage> =>
  account.collection<ClientMessage>('templateClientIds')

function clientId({ platform, input }: CallRequest, { openid }: Follower): string | undefined {
  const id = text(input, 'client_msg_id')
  if (!id) return undefined
  if ([...id].length > platform.rules.templateClientIdChars) throw new OfficialError(40097, 'client_msg_id')
  return `${openid} ${id}`
}

/** When each follower was last written to. */
const written = new WeakMap<Account, Map<string, number[]>>()

function checkFrequency({ platform, account }: CallRequest, { openid }: Follower): void {
  const most = platform.rules.templatesPerFollowerMinute
  if (most === 0) return
  const times = written.get(account) ?? new Map<string, number[]>()
  written.set(account, times)
  const now = platform.now()
  const recent = (times.get(openid) ?? []).filter(at => at > now - 60_000)
  if (recent.length >= most) throw new OfficialError(43117)
  times.set(openid, [...recent, now])
}

function endOf(
  ask: CallRequest,
  template: Template,
  follower: Follower,
  { msgId, values }: { msgId: string; values: Record<string, string> },
): Omit<Job, 'id' | 'due'> {
  const { rules } = ask.platform
  const { openid } = follower
  const rows = shownRows(template.content, values, rules)
  const status = statusOf(ask, template, follower, values)
  const event = { openid, name: 'TEMPLATESENDJOBFINISH', fields: { MsgID: msgId, Status: status } }
  if (status !== 'success') return event
  const mini = ask.input['miniprogram'] as Input | undefined
  return {
    ...event,
    message: {
      openid,
      from: 'account',
      how: 'template',
      type: 'template',
      msgId,
      content: {
        templateId: template.id,
        title: template.title,
        rows,
        // A mini program wins over an address.
        ...(mini?.['appid'] !== undefined
          ? { miniprogram: { appid: text(mini, 'appid'), pagepath: text(mini, 'pagepath') ?? '' } }
          : { url: text(ask.input, 'url') ?? '' }),
      },
    },
  }
}

function statusOf(
  { platform, account }: CallRequest,
  template: Template,
  { openid, refusesTemplates, blocked }: Follower,
  values: Record<string, string>,
): string {
  if (refusesTemplates || blocked) return 'failed:user block'
  const content = Object.values(values).join(' ')
  if (!platform.rules.templateBlockedWords.some(word => content.includes(word))) return 'success'
  const id = account.next('blocked')
  const send_timestamp = Math.floor(platform.now() / 1000)
  blockedOf(account).set(id, {
    id,
    tmpl_msg_id: template.id,
    title: template.title,
    content,
    send_timestamp,
    openid,
  })
  return 'failed: system failed'
}
