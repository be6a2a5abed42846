import { type Static, Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import { operatorId } from '../../../callers/developers/operator.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { membersById } from '../../../organisation/directory/store.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalText, optionalTime, type Values } from '../../../platform/http/input.ts'
import { pageOf, paging, several } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { Setups } from '../../channels/channel.ts'
import { anyChannelNames, placeNames } from '../../channels/channels.ts'
import type { MessageKey, PartState } from '../../channels/part.ts'
import * as records from '../fate/fate-store.ts'
import { subjectOf } from '../fate/subject.ts'
import { figureNames } from '../figures/figure-facts-store.ts'
import { states } from '../figures/message-state-store.ts'
import * as store from './console-store.ts'

type Needs = Core & { developers: Developers; mirrors: Mirrors }
type Lists = Needs & { messageSettings: Setups }

export const messageCountsSchema = Type.Object({
  sent: Type.Number(),
  waiting: Type.Number(),
  failed: Type.Number(),
  unknown: Type.Number(),
  cancelled: Type.Number(),
  /** They had been sent it, and it was taken back. */
  recalled: Type.Number(),
})
export type MessageCounts = Static<typeof messageCountsSchema>

const messageListRowSchema = Type.Object({
  msgId: Type.String(),
  createdAt: Type.String(),
  channel: Type.String(),
  state: Type.Enum(['failed', 'recalled', 'unknown', 'sent', 'queued', 'partial', 'cancelled']),
  agentName: Type.String(),
  agentId: Type.Union([Type.Number(), Type.Null()]),
  templateId: Type.String(),
  /** Key of the message type; '' for what is sent without one. */
  type: Type.String(),
  /** '' when an administrator sent it. */
  devId: Type.String(),
  developer: Type.String(),
  /** The title as its sender wrote it, or the beginning of a text without one; of an SMS its wording without the values. */
  subject: Type.String(),
  /** Name, or else userid, of the first receiver; `@all` for everybody, '' while the receivers are being found. */
  to: Type.String(),
  receivers: Type.Number(),
  counts: messageCountsSchema,
  /** '' when nothing is held back by a limit. */
  heldUntil: Type.String(),
  recalledAt: Type.String(),
})
export type MessageListRow = Static<typeof messageListRowSchema>

const messageListSchema = Type.Object({
  list: Type.Array(messageListRowSchema),
  total: Type.Number(),
  /** False when the filter examined only the newest 20,000 messages. */
  isWhole: Type.Boolean(),
  /** The person that the filter `receiver` resolved to; '' when the filter is not used. */
  receiver: Type.String(),
})
export type MessageList = Static<typeof messageListSchema>

export const messageFilterInput = {
  channel: several('渠道', anyChannelNames),
  type: optionalText('消息类型的 key；- 为没有指定类型的', { max: 64 }),
  figure: optionalChoice('类型的统计中的一项', figureNames),
  state: several('状态；troubled 为没有完全送达的', [...states, 'troubled']),
  developer: optionalText('开发者 devId；operator 为管理员', { max: 64 }),
  agentName: optionalText('应用名称中的文字', { max: 32 }),
  receiver: optionalText('收件成员 userId', { max: 64 }),
  msgId: optionalText('消息 id', { max: 64 }),
  from: optionalTime('从此时（ISO 8601）'),
  to: optionalTime('到此时之前（ISO 8601）'),
}

export const listMessages = pageCall({
  method: 'GET',
  path: '/web/messages/list',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: {
    ...messageFilterInput,
    ...paging,
    sort: optionalChoice('排序', ['createdAt', '-createdAt', 'receivers', '-receivers']),
  },
  output: messageListSchema,
  async handle(ctx: Lists, { input, corpId }): Promise<MessageList> {
    const { sort = '-createdAt' } = input
    const filter = await messageFilterOf(ctx, corpId, input)
    const found = await store.listMessages(
      ctx.db,
      corpId,
      filter,
      { field: sort.replace('-', '') as store.MessageSort['field'], descending: sort.startsWith('-') },
      pageOf(input),
    )
    const list: MessageListRow[] = []
    const names = await namesOf(
      ctx,
      corpId,
      found.rows.flatMap(({ userId, memberId }) => (userId === null ? [] : [{ userId, memberId }])),
    )
    for (const row of found.rows) list.push(await rowOf(ctx, corpId, row, names))
    return { list, total: found.total, isWhole: found.isWhole, receiver: filter.receiver?.name ?? '' }
  },
})

/** Throws 1000 and 1007. */
export async function messageFilterOf(
  ctx: Pick<Core, 'db'>,
  corpId: string,
  input: Partial<Values<typeof messageFilterInput>>,
) {
  return {
    type: input.type,
    figure: input.figure,
    channels: input.channel,
    states: input.state,
    devId: input.developer,
    agentName: input.agentName,
    id: input.msgId,
    receiver: input.receiver === undefined ? undefined : await personOf(ctx, corpId, input.receiver),
    from: input.from,
    to: input.to,
  }
}

/** Finds the person with this userid, including those who have left as long as their userid is known. Throws 1007. */
async function personOf(ctx: Pick<Core, 'db'>, corpId: string, userId: string) {
  const row = await store.personByUserKey(ctx.db, corpId, userKey(userId))
  if (!row) throw new ApiError('unknownMember', told`${userId}`)
  return row
}

async function rowOf(
  ctx: Lists,
  corpId: string,
  row: store.ListedMessage,
  names: Map<string, string>,
): Promise<MessageListRow> {
  const to = row.userId ?? ''
  return {
    msgId: row.id,
    createdAt: row.createdAt.toISOString(),
    channel: row.channel,
    state: row.state,
    agentName: row.agentName,
    agentId: row.agentId,
    templateId: row.templateId ?? '',
    type: row.typeKey ?? '',
    ...developerOf(ctx, row.devId),
    subject: subjectOf(ctx, { ...row, corpId }),
    to: names.get(to) ?? to,
    receivers: row.receivers,
    counts: await countsOf(ctx, { ...row, corpId }),
    heldUntil: row.heldUntil?.toISOString() ?? '',
    recalledAt: row.recalledAt?.toISOString() ?? '',
  }
}

export function developerOf(
  ctx: Core & { developers: Developers },
  devId: string,
): { devId: string; developer: string } {
  if (devId === operatorId) return { devId: '', developer: '' }
  return { devId, developer: ctx.developers.get(devId)?.name ?? devId }
}

export function whoOf(ctx: Needs, corpId: string, actor: string): string {
  const [, devId] = /^developer:(.+)$/.exec(actor) ?? []
  if (devId) return ctx.developers.get(devId)?.name ?? devId
  const core = ctx.mirrors.of(corpId).members.byKey(userKey(actor))
  return core ? `${core.name} (${core.userId})` : actor
}

export async function countsOf(
  ctx: Core,
  message: MessageKey & { receivers: number },
): Promise<MessageCounts> {
  const fates = await records.countFates(ctx.db, message)
  const persons = (of: (count: records.Count) => boolean) => {
    const found = fates.filter(of)
    const sum = found.reduce((total, one) => total + one.receivers, 0)
    // The single name `@all` stands for every receiver.
    return sum + (found.some(one => one.isAll) ? message.receivers - 1 : 0)
  }
  const still = (state: PartState) => persons(one => one.state === state && !one.isRecalled)
  return {
    sent: still('sent'),
    waiting: still('waiting'),
    failed: still('failed'),
    unknown: still('unknown'),
    cancelled: still('cancelled'),
    recalled: persons(one => one.isRecalled),
  }
}

/** Current names of these userids, and of places such as group robots; `@all` and what is gone have none. */
export async function namesOf(
  ctx: Core & { messageSettings: Setups; mirrors: Mirrors },
  corpId: string,
  people: { userId: string; memberId: number | null }[],
): Promise<Map<string, string>> {
  const { members } = ctx.mirrors.of(corpId)
  const places = people.filter(({ memberId }) => memberId !== null && memberId < 0)
  const names = placeNames(
    ctx,
    corpId,
    places.map(({ userId }) => userId),
  )
  for (const { userId, memberId } of people) {
    const core = (memberId === null ? undefined : members.byId(memberId)) ?? members.byKey(userKey(userId))
    if (core) names.set(userId, core.name)
  }
  const missing = people.filter(one => one.memberId !== null && !names.has(one.userId))
  const left = await membersById(
    ctx.db,
    corpId,
    missing.flatMap(one => one.memberId ?? []),
  )
  for (const one of left) names.set(one.userId, one.name)
  return names
}
