import { Type } from 'typebox'
import {
  choice,
  optionalChoice,
  optionalInteger,
  optionalText,
  optionalTime,
  text,
} from '../../platform/http/input.ts'
import { languageAsked } from '../../platform/words.ts'
import type { Setups } from '../channels/channel.ts'
import { acknowledgeMine, openMine, placeMine, shelvesOfPlace } from '../messages/mine/mark-mine.ts'
import {
  collectedMessages,
  collectedPage,
  myMessageSchema,
  myMessages,
  shelves,
} from '../messages/mine/my-messages.ts'
import { inboxCall, ticketOfRequest } from './inbox-call.ts'
import { type ReaderNeeds, readerOf } from './reader.ts'
import { streamUnopened } from './stream.ts'
import { type UnopenedCounts, unopenedAtMost } from './unopened.ts'

export type InboxNeeds = ReaderNeeds & { messageSettings: Setups; unopened: UnopenedCounts }

/** Whether the person looked at their own list since is theirs alone. */
const { isUnread: _, ...shown } = myMessageSchema.properties
const messageSchema = Type.Object(shown)

export const listInbox = inboxCall({
  method: 'GET',
  path: '/inbox/messages',
  input: {
    after: optionalText('上一页的 next', { max: 40 }),
    pageSize: optionalInteger('默认 20', { min: 1, max: 100 }),
    shelf: optionalChoice('收件箱（默认）、没打开过的、归档的、稍后的', shelves),
    words: optionalText('只要含有这些词的，空格分隔', { max: 100 }),
  },
  output: Type.Object({ list: Type.Array(messageSchema), next: Type.String() }),
  handle(ctx: InboxNeeds, { input, reader, request }) {
    const { corpId, person, devId } = reader
    const { after, pageSize: size = 20, shelf = 'inbox', words } = input
    const page = { shelf, after, size, readAt: null, devId, words }
    return myMessages(ctx, { corpId, memberId: person.member.id }, page, languageAsked(request))
  },
})

const msgId = text('消息 id', { max: 64 })

/** What a digest carried, the newest first. */
export const collectedInInbox = inboxCall({
  method: 'GET',
  path: '/inbox/collected',
  input: { msgId, after: optionalInteger('上一页的 next', { min: 0, max: 1_000_000 }) },
  output: Type.Object({ list: Type.Array(messageSchema), next: Type.String() }),
  handle(ctx: InboxNeeds, { input, reader, request }) {
    const { corpId, person, devId } = reader
    const page = { from: input.after ?? 0, size: collectedPage, readAt: null, devId }
    const language = languageAsked(request)
    return collectedMessages(ctx, { corpId, memberId: person.member.id }, input.msgId, page, language)
  },
})

export const openInInbox = inboxCall({
  method: 'POST',
  path: '/inbox/open',
  input: { msgId },
  output: messageSchema,
  async handle(ctx: InboxNeeds, { input, reader, request }) {
    const { corpId, person, devId } = reader
    const by = { readAt: null, language: languageAsked(request), devId }
    const opened = await openMine(ctx, corpId, person, input.msgId, by)
    ctx.unopened.changed(reader)
    return opened
  },
})

export const acknowledgeInInbox = inboxCall({
  method: 'POST',
  path: '/inbox/acknowledge',
  input: { msgId },
  output: Type.Object({}),
  async handle(ctx: InboxNeeds, { input, reader }) {
    await acknowledgeMine(ctx, reader.corpId, reader.person, input.msgId, reader.devId)
    ctx.unopened.changed(reader)
    return {}
  },
})

export const placeInInbox = inboxCall({
  method: 'POST',
  path: '/inbox/place',
  input: {
    msgId,
    place: choice('放回收件箱、归档，或推到 until', shelvesOfPlace),
    until: optionalTime('稍后：到何时，最晚 90 天以后'),
  },
  output: Type.Object({}),
  async handle(ctx: InboxNeeds, { input, reader }) {
    await placeMine(ctx, reader.corpId, reader.person, { ...input, devId: reader.devId })
    ctx.unopened.changed(reader)
    return {}
  },
})

/** Messages of the last 30 days that were not opened, up to 100. With `known` the answer waits until it is another number, 45 s at most. */
export const countInInbox = inboxCall({
  method: 'GET',
  path: '/inbox/unread',
  isWaiting: true,
  input: { known: optionalInteger('已知的数，等到它变化再回答', { min: 0, max: unopenedAtMost }) },
  output: Type.Object({ unread: Type.Number() }),
  async handle(ctx: InboxNeeds, { input, reader, request, reply }) {
    if (input.known === undefined) return { unread: await ctx.unopened.of(reader) }
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const unread = await ctx.unopened.next(reader, input.known, gone.signal)
    // The person may have left while it waited.
    await readerOf(ctx, ticketOfRequest(ctx, request), false)
    return { unread }
  },
})

/** The same number as a stream of events, each `data: {"unread":3}`; it ends after five minutes, or with the ticket. */
export const streamInInbox = inboxCall({
  method: 'GET',
  path: '/inbox/stream',
  isWaiting: true,
  input: {},
  output: Type.Object({}),
  handle(ctx: InboxNeeds, call) {
    return streamUnopened(ctx, call)
  },
})
