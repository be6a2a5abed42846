import { LRUCache } from 'lru-cache'
import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { PortalMessage, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { button as defaultButton } from '../../channels/message-fields.ts'
import { asksReceipt } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import { shownFileSchema } from '../../message-media/message-files.ts'
import { messagePath } from '../marks/links.ts'
import {
  type Cursor,
  collectedIn,
  countMine,
  type MyRow,
  mineById,
  type Reader,
  readMine,
} from './my-messages-store.ts'

/** A message as its receiver sees it. */
export const myMessageSchema = Type.Object({
  id: Type.String(),
  /** When the message had been sent; ISO. */
  at: Type.String(),
  channel: Type.String(),
  /** The channel's name in the reader's language. */
  via: Type.String(),
  sender: Type.String(),
  title: Type.String(),
  text: Type.String(),
  url: Type.String(),
  /** What the sender wrote on the link; '' where it is the default. */
  button: Type.String(),
  picUrl: Type.String(),
  /** A card as it was sent, in WeCom's own fields; null for other messages. It is answered in WeCom alone. */
  card: Type.Union([Type.Unsafe<TemplateCard>(Type.Record(Type.String(), Type.Unknown())), Type.Null()]),
  /** Its pictures, videos, files and attachments. */
  files: Type.Array(shownFileSchema),
  /** `lost`: it did not arrive through its channel but can be read here. A recalled message has no text any more. */
  state: Type.Enum(['arrived', 'lost', 'recalled']),
  /** It arrived since the list was last looked at. */
  isUnread: Type.Boolean(),
  /** Its receiver has opened it. */
  isRead: Type.Boolean(),
  /** `asked`: its sender wants to know that it was received. */
  receipt: Type.Enum(['none', 'asked', 'given']),
  isArchived: Type.Boolean(),
  /** Until when it is put off; '' when it is not. In the past: it has come back. */
  laterUntil: Type.String(),
  /** It carries others, which are messages of their own. */
  isDigest: Type.Boolean(),
})
export type MyMessage = Static<typeof myMessageSchema>

/** How far back messages are shown, unless they are deleted earlier. */
const shownMs = 180 * 86_400_000
const textAtMost = 1000
const wholeAtMost = 1_000_000

/** Which of their messages somebody looks at. `inbox`: all that are neither archived nor put off. */
export const shelves = ['inbox', 'unread', 'archived', 'later'] as const
export type Shelf = (typeof shelves)[number]

/** So many rows are read for one page: of few that fit among many that do not, a page has fewer, and `next`. */
const rowsAtMost = 400

/** `devId`: only what this developer sent. `words`: only what has all of them, in whatever order; of a digest what it carries counts too. */
type Page = {
  shelf: Shelf
  words?: string | undefined
  after: string | undefined
  size: number
  readAt: Date | null
  devId?: string | undefined
}
type Needs = Core & { messageSettings: Setups }

/**
 * `next` is the cursor of the following page; '' at the end. What was put off and has come back stands first, the latest of it; the rest in
 * its own place.
 */
export async function myMessages(
  ctx: Needs,
  reader: Reader,
  page: Page,
  language: Language,
): Promise<{ list: MyMessage[]; next: string }> {
  const { shelf, after, size, readAt, devId, words } = page
  const now = ctx.now()
  const search = searchFor(ctx, reader, words, language)
  const floor = new Date(now - shownMs)
  let before = after === undefined ? newest(ctx) : readCursor(after)
  // What others sent, or what lacks the words, may be most of it.
  const batch = devId === undefined && words === undefined ? size : Math.max(size, 100)
  const read = (backUntil?: Date) =>
    readMine(ctx.db, reader, { after: floor, before, limit: batch + 1 }, backUntil)
  const begun = await read(shelf === 'inbox' ? new Date(now) : undefined)
  const back = await search(await cameBack(ctx, reader, begun.back, devId))
  const first = new Set(back.map(row => row.id))
  const shown: MyRow[] = []
  let { rows } = begun
  let isMore = true
  for (let looked = 0; ; ) {
    isMore = rows.length > batch
    const own = await ownOf(ctx, reader, rows.slice(0, batch), devId)
    const found = new Set(await search(own.flat()))
    for (const [index, row] of rows.slice(0, batch).entries()) {
      if (shown.length >= size) {
        isMore = true
        break
      }
      before = { at: row.at, id: row.partId }
      const isMeant = (one: MyRow) => !one.isAgain && isOn(shelf, one, now) && !first.has(one.id)
      shown.push(...own[index]!.filter(one => isMeant(one) && found.has(one)))
    }
    looked += batch + 1
    if (!isMore || shown.length >= size || looked >= rowsAtMost) break
    rows = (await read()).rows
  }
  return {
    list: [...(after === undefined ? back : []), ...shown].map(row =>
      messageOf(ctx, reader.corpId, row, readAt, language),
    ),
    next: isMore ? `${before.at.getTime()}.${before.id}` : '',
  }
}

/**
 * What each row is to a reader who sees one developer's messages alone. A digest lists those of others too, and may be of another developer
 * itself, so that what it carries of this one stands in its place.
 */
async function ownOf(
  ctx: Core,
  reader: Reader,
  rows: readonly MyRow[],
  devId: string | undefined,
): Promise<MyRow[][]> {
  if (devId === undefined) return rows.map(row => [row])
  const digestIds = rows.filter(row => row.isDigest).map(row => row.id)
  const page = { devId, limit: collectedAtMost }
  const collected = digestIds.length > 0 ? await collectedIn(ctx.db, reader, digestIds, page) : []
  const carried = Map.groupBy(collected, one => one.digestId)
  return rows.map(row => (row.isDigest ? (carried.get(row.id) ?? []) : [row].filter(one => isOf(devId, one))))
}

/** So many messages of the digests of one page are read for it. */
const collectedAtMost = 1000

/** Leaves those rows that have all of the words. What they say is sealed, so that they are opened for it. */
function searchFor(
  ctx: Needs,
  reader: Reader,
  words: string | undefined,
  language: Language,
): (rows: readonly MyRow[]) => Promise<readonly MyRow[]> {
  const wanted = (words ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const hasAll = (row: MyRow) => {
    const { sender, title, text } = messageOf(ctx, reader.corpId, row, null, language, wholeAtMost)
    const said = `${sender} ${title} ${text}`.toLowerCase()
    return wanted.every(word => said.includes(word))
  }
  return async rows => {
    if (wanted.length === 0) return rows
    const digestIds = rows.filter(row => row.isDigest).map(row => row.id)
    const page = { limit: collectedAtMost }
    const collected = digestIds.length > 0 ? await collectedIn(ctx.db, reader, digestIds, page) : []
    const carrying = new Set(collected.filter(hasAll).map(row => row.digestId))
    return rows.filter(row => carrying.has(row.id) || hasAll(row))
  }
}

export const collectedPage = 20

/** What a digest carried to a person, the newest first; `next` is where the following page begins, '' at the end. Nothing for what is no digest of theirs. */
export async function collectedMessages(
  ctx: Needs,
  reader: Reader,
  digestId: string,
  {
    from,
    size,
    readAt,
    devId,
  }: { from: number; size: number; readAt: Date | null; devId?: string | undefined },
  language: Language,
): Promise<{ list: MyMessage[]; next: string }> {
  const rows = await collectedIn(ctx.db, reader, [digestId], { devId, offset: from, limit: size + 1 })
  const list = rows.slice(0, size).map(row => messageOf(ctx, reader.corpId, row, readAt, language))
  return { list, next: rows.length > size ? String(from + size) : '' }
}

/** Whether a reader who sees this developer's messages alone may read it. A digest lists those of others. */
export const isOf = (devId: string | undefined, row: MyRow) =>
  devId === undefined || (row.devId === devId && !row.isDigest)

function isOn(shelf: Shelf, row: MyRow, now: number): boolean {
  if (shelf === 'archived') return row.archivedAt !== null
  if (row.archivedAt !== null) return false
  const isPutOff = row.laterUntil !== null && row.laterUntil.getTime() > now
  if (isPutOff || shelf === 'later') return isPutOff && shelf === 'later'
  return shelf === 'inbox' || (shelf === 'unread' && !isReadOf(row))
}

const isReadOf = ({ readAt, recalledAt, isBeforeMarks }: MyRow) =>
  readAt !== null || recalledAt !== null || isBeforeMarks

async function cameBack(
  ctx: Core,
  reader: Reader,
  ids: readonly string[],
  devId: string | undefined,
): Promise<MyRow[]> {
  if (ids.length === 0) return []
  return onceEach(await mineById(ctx.db, reader, ids)).filter(row => isOf(devId, row))
}

function onceEach(rows: readonly MyRow[]): MyRow[] {
  return [...Map.groupBy(rows, one => one.id).values()].flatMap(([latest]) => latest ?? [])
}

/** One of their messages, whole. Undefined for one that they did not get. */
export async function myMessage(
  ctx: Needs,
  reader: Reader,
  id: string,
  readAt: Date | null,
  language: Language,
): Promise<MyMessage | undefined> {
  const [row] = await mineById(ctx.db, reader, [id])
  return row && messageOf(ctx, reader.corpId, row, readAt, language, wholeAtMost)
}

/** Looks a minute ahead, because the clocks of nodes differ a little. */
function newest(ctx: Core): Cursor {
  return { at: new Date(ctx.now() + 60_000), id: 0 }
}

function readCursor(text: string): Cursor {
  const [, at, id] = /^(\d{1,13})\.(\d{1,15})$/.exec(text) ?? []
  if (at === undefined)
    throw new ApiError('badParameter', {
      zh: 'after 应为上一页的 next',
      en: "after should be the previous page's next",
    })
  return { at: new Date(Number(at)), id: Number(id) }
}

type MessageWords = { setup: object; content: object; shown: PortalMessage }

/** What messages say, by their sealed content: it never changes, and to open it takes most of the time of a list. Sizes are characters. */
const known = new LRUCache<string, MessageWords>({
  maxSize: 8_000_000,
  sizeCalculation: (_said, sealed) => sealed.length,
})

function saidBy(ctx: Needs, corpId: string, channelName: string, sealed: string): MessageWords {
  const setup = ctx.messageSettings.setupOf(corpId, channelName)
  const before = known.get(sealed)
  if (before?.setup === setup) return before
  const content = openContent(ctx, { content: sealed })
  const said = { setup, content, shown: channelOf(channelName).read(content, setup) }
  known.set(sealed, said)
  return said
}

function messageOf(
  ctx: Needs,
  corpId: string,
  row: MyRow,
  readAt: Date | null,
  language: Language,
  charactersAtMost = textAtMost,
): MyMessage {
  const isRecalled = row.recalledAt !== null
  const channel = channelOf(row.channel)
  const said = isRecalled || row.content === null ? undefined : saidBy(ctx, corpId, row.channel, row.content)
  const { content = {}, shown = nothing } = said ?? {}
  const { title, text, url, button, picUrl, card, files = [] } = withoutSender(shown, row.sender)
  // The link that asks for a receipt leads to where its reader is.
  const isHere = url.endsWith(messagePath(row.id))
  return {
    id: row.id,
    at: row.at.toISOString(),
    channel: row.channel,
    via: wordsIn(language, channel.label),
    sender: row.sender,
    title,
    text: text.slice(0, charactersAtMost),
    url: isHere ? '' : url,
    // Without words of the sender's own, pages say it in the reader's language.
    button: button === defaultButton ? '' : button,
    picUrl,
    card: card ?? null,
    files: [...files],
    state: isRecalled ? 'recalled' : row.state === 'failed' || row.isRefused ? 'lost' : 'arrived',
    isUnread: !isRecalled && (readAt === null || row.at > readAt),
    isRead: isReadOf(row),
    receipt: row.acknowledgedAt !== null ? 'given' : asksReceipt(content) ? 'asked' : 'none',
    isArchived: row.archivedAt !== null,
    laterUntil: row.laterUntil?.toISOString() ?? '',
    isDigest: row.isDigest && !isRecalled,
  }
}

const nothing: PortalMessage = { title: '', text: '', url: '', button: '', picUrl: '' }

/**
 * Removes the prefix `【sender】`, which helps where messages of many senders mix; here the sender is shown beside the
 * title.
 */
export function withoutSender(shown: PortalMessage, sender: string): PortalMessage {
  const prefix = `【${sender}】`
  if (shown.title.startsWith(prefix)) return { ...shown, title: shown.title.slice(prefix.length) }
  // A plain text has its title in its first line.
  if (shown.title !== '' || !shown.text.startsWith(prefix)) return shown
  const [title = '', ...rest] = shown.text.slice(prefix.length).split('\n')
  return { ...shown, title, text: rest.join('\n') }
}

/** How many messages arrived since then, counted up to `atMost`. */
export function countUnread(ctx: Core, reader: Reader, readAt: Date | null, atMost: number): Promise<number> {
  const floor = new Date(ctx.now() - shownMs)
  const after = readAt && readAt > floor ? readAt : floor
  return countMine(ctx.db, reader, { after, before: newest(ctx) }, atMost)
}

/** How far back messages count that nobody opened. */
const unopenedMs = 30 * 86_400_000

/** How many messages of the last 30 days, of this developer or of all, their receiver neither opened nor put away, counted up to `atMost`. */
export function countUnopenedOf(
  ctx: Core,
  reader: Reader,
  devId: string | undefined,
  atMost: number,
): Promise<number> {
  const now = new Date(ctx.now())
  const after = new Date(now.getTime() - unopenedMs)
  return countMine(ctx.db, reader, { after, before: newest(ctx), unopenedAt: now, devId }, atMost)
}
