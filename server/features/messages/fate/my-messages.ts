import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type Language, wordsIn } from '../../../platform/http/words.ts'
import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { PortalMessage, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { button as defaultButton } from '../../channels/message-fields.ts'
import { openContent } from '../../channels/sealed.ts'
import { type Cursor, countMine, type MyRow, type Reader, readMine } from './my-messages-store.ts'

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
  /** `lost`: it did not arrive through its channel but can be read here. A recalled message has no text any more. */
  state: Type.Enum(['arrived', 'lost', 'recalled']),
  isUnread: Type.Boolean(),
})
export type MyMessage = Static<typeof myMessageSchema>

/** How far back messages are shown, unless they are deleted earlier. */
const shownMs = 180 * 86_400_000
const textAtMost = 1000

/** `next` is the cursor of the following page; '' at the end. */
export async function myMessages(
  ctx: Core & { messageSettings: Setups },
  reader: Reader,
  page: { after: string | undefined; size: number; readAt: Date | null },
  language: Language,
): Promise<{ list: MyMessage[]; next: string }> {
  const rows = await readMine(ctx.db, reader, {
    after: new Date(ctx.now() - shownMs),
    before: page.after === undefined ? newest(ctx) : readCursor(page.after),
    limit: page.size + 1,
  })
  const shown = rows.slice(0, page.size)
  const last = shown.at(-1)
  return {
    list: shown.map(row => messageOf(ctx, reader.corpId, row, page.readAt, language)),
    next: rows.length > page.size && last ? `${last.at.getTime()}.${last.partId}` : '',
  }
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

function messageOf(
  ctx: Core & { messageSettings: Setups },
  corpId: string,
  row: MyRow,
  readAt: Date | null,
  language: Language,
): MyMessage {
  const isRecalled = row.recalledAt !== null
  const channel = channelOf(row.channel)
  const shown = isRecalled
    ? nothing
    : channel.read(openContent(ctx, row), ctx.messageSettings.setupOf(corpId, row.channel))
  const { title, text, url, button, picUrl, card } = withoutSender(shown, row.sender)
  return {
    id: row.id,
    at: row.at.toISOString(),
    channel: row.channel,
    via: wordsIn(language, channel.label),
    sender: row.sender,
    title,
    text: text.slice(0, textAtMost),
    url,
    // Without words of the sender's own, pages say it in the reader's language.
    button: button === defaultButton ? '' : button,
    picUrl,
    card: card ?? null,
    state: isRecalled ? 'recalled' : row.state === 'failed' || row.isRefused ? 'lost' : 'arrived',
    isUnread: !isRecalled && (readAt === null || row.at > readAt),
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
