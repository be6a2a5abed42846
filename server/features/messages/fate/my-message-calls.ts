import { type Static, Type } from 'typebox'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import {
  choice,
  optionalChoice,
  optionalInteger,
  optionalText,
  optionalTime,
  text,
  time,
} from '../../../platform/http/input.ts'
import { fileSchema } from '../../../platform/http/output.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Person } from '../../../platform/http/visitor.ts'
import { waitForPage } from '../../../platform/http/waiting/awaited.ts'
import { languageOf } from '../../../platform/words.ts'
import { takesTicket } from '../../apps/app-urls.ts'
import { type Apps, visibleApps } from '../../apps/catalog.ts'
import { markRead } from '../../apps/workbench/arrange.ts'
import { keyOf, type Workbench } from '../../apps/workbench/workbench.ts'
import type { Setups } from '../../channels/channel.ts'
import { giveOut } from '../../message-media/give-out.ts'
import { acknowledgeMine, filesOfMine, openMine, placeMine, shelvesOfPlace } from '../mine/mark-mine.ts'
import {
  collectedMessages,
  collectedPage,
  type MyMessage,
  myMessageSchema,
  myMessages,
  shelves,
} from '../mine/my-messages.ts'
import { countUnreadOf, unreadAtMost, unreadOf } from './unread.ts'

type Needs = Core & { workbench: Workbench }

/** `appId`: the app whose page the link opens, among those this person may open; '' for any other page. */
const messageRowSchema = Type.Object({
  ...myMessageSchema.properties,
  appId: Type.String(),
})
export type MessageRow = Static<typeof messageRowSchema>

type ListNeeds = Core & {
  apps: Apps
  corps: Corps
  messageSettings: Setups
  mirrors: Mirrors
  workbench: Workbench
}

function rowsOf(ctx: ListNeeds, corpId: string, visitor: Person, list: readonly MyMessage[]): MessageRow[] {
  const apps = visibleApps(ctx, corpId, visitor)
  const appOf = (url: string) => (url ? apps.find(app => takesTicket(app, url))?.id : undefined) ?? ''
  return list.map(one => ({ ...one, appId: appOf(one.url) }))
}

/** A person's own messages, newest first; empty for the local administrator. */
export const listMyMessages = pageCall({
  method: 'GET',
  path: '/web/portal/messages',
  access: person,
  directory: true,
  input: {
    after: optionalText('上一页的 next', { max: 40 }),
    pageSize: optionalInteger('默认 20', { min: 1, max: 100 }),
    shelf: optionalChoice('收件箱（默认）、没打开过的、归档的、稍后的', shelves),
    words: optionalText('只要含有这些词的，空格分隔', { max: 100 }),
  },
  output: Type.Object({
    list: Type.Array(messageRowSchema),
    next: Type.String(),
  }),
  async handle(ctx: ListNeeds, { input, visitor, corpId, request }) {
    if (!visitor.member) return { list: [], next: '' }
    const { readAt } = await ctx.workbench.arrangement(corpId, visitor)
    const { after, pageSize: size = 20, shelf = 'inbox', words } = input
    const reader = { corpId, memberId: visitor.member.id }
    const language = languageOf(request.headers['accept-language'])
    const { list, next } = await myMessages(ctx, reader, { shelf, after, size, readAt, words }, language)
    return { list: rowsOf(ctx, corpId, visitor, list), next }
  },
})

const msgId = text('消息 id', { max: 64 })

/** What a digest carried, the newest first. */
export const listMyCollected = pageCall({
  method: 'GET',
  path: '/web/portal/messages/collected',
  access: person,
  directory: true,
  input: { msgId, after: optionalInteger('上一页的 next', { min: 0, max: 1_000_000 }) },
  output: Type.Object({ list: Type.Array(messageRowSchema), next: Type.String() }),
  async handle(ctx: ListNeeds, { input, visitor, corpId, request }) {
    if (!visitor.member) return { list: [], next: '' }
    const { readAt } = await ctx.workbench.arrangement(corpId, visitor)
    const reader = { corpId, memberId: visitor.member.id }
    const page = { from: input.after ?? 0, size: collectedPage, readAt }
    const language = languageOf(request.headers['accept-language'])
    const { list, next } = await collectedMessages(ctx, reader, input.msgId, page, language)
    return { list: rowsOf(ctx, corpId, visitor, list), next }
  },
})

/** Opens one of them, whole; its receiver has read it from then on. */
export const openMyMessage = pageCall({
  method: 'POST',
  path: '/web/portal/messages/open',
  access: person,
  directory: true,
  input: { msgId },
  output: messageRowSchema,
  async handle(ctx: ListNeeds, { input, visitor, corpId, request }): Promise<MessageRow> {
    const { readAt } = await ctx.workbench.arrangement(corpId, visitor)
    const language = languageOf(request.headers['accept-language'])
    const opened = await openMine(ctx, corpId, visitor, input.msgId, { readAt, language })
    return rowsOf(ctx, corpId, visitor, [opened])[0]!
  },
})

/** A file of one of them, for who got it alone. */
export const myMessageFile = pageCall({
  method: 'GET',
  path: '/web/portal/messages/file',
  access: person,
  input: { msgId, mediaId: text('文件 id', { max: 64 }) },
  output: fileSchema,
  async handle(ctx: Core, { input, visitor, corpId }) {
    return giveOut(ctx, corpId, await filesOfMine(ctx, corpId, visitor, input.msgId), input.mediaId)
  },
})

export const acknowledgeMyMessage = pageCall({
  method: 'POST',
  path: '/web/portal/messages/acknowledge',
  access: person,
  input: { msgId },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await acknowledgeMine(ctx, corpId, visitor, input.msgId)
    return {}
  },
})

export const placeMyMessage = pageCall({
  method: 'POST',
  path: '/web/portal/messages/place',
  access: person,
  input: {
    msgId,
    place: choice('放回收件箱、归档，或推到 until', shelvesOfPlace),
    until: optionalTime('稍后：到何时，最晚 90 天以后'),
  },
  output: Type.Object({}),
  async handle(ctx: Core, { input, visitor, corpId }) {
    await placeMine(ctx, corpId, visitor, input)
    return {}
  },
})

/**
 * `unread` is counted up to 100 only. With `known` the answer waits until the count is another, 45 s at most; open pages ask
 * so again and again.
 */
export const countMyUnread = pageCall({
  method: 'GET',
  path: '/web/portal/unread',
  access: person,
  unattended: true,
  input: { known: optionalInteger('已知的未读数，等到它变化再回答', { min: 0, max: unreadAtMost }) },
  output: Type.Object({
    unread: Type.Number(),
  }),
  handle(ctx: Needs & { sessions: Sessions }, { input, visitor, corpId, request, reply }) {
    if (!visitor.member) return { unread: 0 }
    if (input.known === undefined) {
      const unread = unreadOf(ctx, corpId, visitor)
      return typeof unread === 'number' ? { unread } : unread.then(n => ({ unread: n }))
    }
    const count = () => countUnreadOf(ctx, corpId, visitor)
    const wait = { key: keyOf(corpId, visitor), known: input.known, count, request, reply }
    return waitForPage(ctx, ctx.workbench.unread, wait).then(unread => ({ unread }))
  },
})

export const readMyMessages = pageCall({
  method: 'POST',
  path: '/web/portal/messages/read',
  access: person,
  input: { upTo: time('到哪一刻为止，ISO 时间') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await markRead(ctx, corpId, visitor, input.upTo)
    return {}
  },
})
