import { type RawBuilder, sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { Core } from '../../core.ts'
import { ApiError } from '../../http/errors.ts'
import type { Db } from '../../storage/db.ts'
import type { Content } from '../accept/content.ts'
import { openContent } from '../accept/sealed-content.ts'
import type { ChannelName } from '../store.ts'

/** A message as its receiver sees it. */
export const myMessageSchema = Type.Object({
  id: Type.String(),
  /** When the message had been sent; ISO. */
  at: Type.String(),
  channel: Type.Enum(['wecom', 'email', 'sms']),
  sender: Type.String(),
  title: Type.String(),
  text: Type.String(),
  url: Type.String(),
  picUrl: Type.String(),
  /** `lost`: it did not arrive through its channel but can be read here. A recalled message has no text any more. */
  state: Type.Enum(['arrived', 'lost', 'recalled']),
  isUnread: Type.Boolean(),
})
export type MyMessage = Static<typeof myMessageSchema>

/** How far back messages are shown, unless they are deleted earlier. */
const shownMs = 180 * 86_400_000
const textAtMost = 1000

type Reader = { corpId: string; memberId: number }

/**
 * The parts shown to a person. The condition repeats that of the partial indexes of migration 0006, so that these are
 * used.
 */
const over = sql.raw(`p.chunk = 0 and p.state in ('sent', 'failed', 'unknown')`)

/** The parts addressed to this reader. Each way of addressing has its own index and yields its parts in order. */
function partsOf(reader: Reader, after: Date, before: Cursor, limit: number): RawBuilder<unknown> {
  const columns = sql.raw('p.id, p.message_id, p.state, p.finished_at')
  const within = sql`p.finished_at > ${after} and (p.finished_at, p.id) < (${before.at}, ${before.id}::bigint)
      order by p.finished_at desc, p.id desc limit ${limit}`
  return sql`
    (select ${columns} from message_part p where cardinality(p.member_ids) = 1 and ${over}
      and p.member_ids[1] = ${reader.memberId} and ${within})
    union all
    (select ${columns} from message_part p where cardinality(p.member_ids) > 1 and ${over}
      and p.member_ids @> array[${reader.memberId}::bigint] and ${within})
    union all
    (select ${columns} from message_part p where cardinality(p.member_ids) = 0 and ${over}
      and p.corp_id = ${reader.corpId} and p.user_ids = array['@all']
      and p.finished_at >= (select created_at from member where corp_id = ${reader.corpId} and id = ${reader.memberId}) and ${within})`
}

/** Where a page ends. The id is needed because many parts may finish at the same moment. */
type Cursor = { at: Date; id: number }

type SmsTemplate = { text: string; params: string[] }

type Row = {
  id: string
  partId: number
  at: Date
  channel: ChannelName
  sender: string
  content: string
  state: 'sent' | 'failed' | 'unknown'
  recalledAt: Date | null
  sms: SmsTemplate | null
  isRefused: boolean
}

/** `next` is the cursor of the following page; '' at the end. */
export async function myMessages(
  ctx: Core,
  reader: Reader,
  page: { after: string | undefined; size: number; readAt: Date | null },
): Promise<{ list: MyMessage[]; next: string }> {
  const rows = await readRows(ctx.db, reader, {
    after: new Date(ctx.now() - shownMs),
    before: page.after === undefined ? newest(ctx) : readCursor(page.after),
    limit: page.size + 1,
  })
  const shown = rows.slice(0, page.size)
  const last = shown.at(-1)
  return {
    list: shown.map(row => messageOf(ctx, row, page.readAt)),
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

async function readRows(
  db: Db,
  reader: Reader,
  page: { after: Date; before: Cursor; limit: number },
): Promise<Row[]> {
  const rows = await sql<Row>`
    select m.id, part.id as "partId", part.finished_at as at, m.channel, m.agent_name as sender, m.content, part.state,
      m.recalled_at as "recalledAt", case when t.id is null then null else jsonb_build_object('text', t.text, 'params', t.params) end as sms,
      exists (select 1 from message_result r join member me on me.corp_id = ${reader.corpId} and me.id = ${reader.memberId}
        where r.message_id = m.id and r.user_id = me.user_id and r.state = 'failed') as "isRefused"
    from (select * from (${partsOf(reader, page.after, page.before, page.limit)}) as found
      order by finished_at desc, id desc limit ${page.limit}) as part
    join message m on m.id = part.message_id
    left join sms_template t on t.corp_id = m.corp_id and t.id = m.template_id
    order by part.finished_at desc, part.id desc`.execute(db)
  return rows.rows
}

function messageOf(ctx: Core, row: Row, readAt: Date | null): MyMessage {
  const isRecalled = row.recalledAt !== null
  const shown = isRecalled ? nothing : withoutSender(textOf(openContent(ctx, row), row.sms), row.sender)
  return {
    id: row.id,
    at: row.at.toISOString(),
    channel: row.channel,
    sender: row.sender,
    ...shown,
    text: shown.text.slice(0, textAtMost),
    state: isRecalled ? 'recalled' : row.state === 'failed' || row.isRefused ? 'lost' : 'arrived',
    isUnread: !isRecalled && (readAt === null || row.at > readAt),
  }
}

const nothing = { title: '', text: '', url: '', picUrl: '' }

function textOf(content: Content, sms: SmsTemplate | null): typeof nothing {
  switch (content.kind) {
    case 'text':
      return { ...nothing, ...plainText(content.chunks) }
    case 'textcard':
      return { ...nothing, title: content.title, text: withoutTags(content.description), url: content.url }
    case 'news':
      return {
        ...nothing,
        title: content.title,
        text: content.description,
        url: content.url,
        picUrl: content.picUrl,
      }
    case 'email':
      return { ...nothing, title: content.subject, text: content.text, url: content.url }
    case 'sms':
      return { ...nothing, text: filled(sms, content.params) }
  }
}

/**
 * Removes the prefix `【sender】`, which helps where messages of many senders mix; here the sender is shown beside the
 * title.
 */
function withoutSender(shown: typeof nothing, sender: string): typeof nothing {
  const prefix = `【${sender}】`
  if (shown.title.startsWith(prefix)) return { ...shown, title: shown.title.slice(prefix.length) }
  // A plain text has its title in its first line.
  if (shown.title !== '' || !shown.text.startsWith(prefix)) return shown
  const [title = '', ...rest] = shown.text.slice(prefix.length).split('\n')
  return { ...shown, title, text: rest.join('\n') }
}

const linkInText = /<a\s[^>]*href="(https?:[^"]*)"[^>]*>(.*?)<\/a>/is

const linkAtEnd = /\s*<a\s[^>]*>[^<]*<\/a>\s*$/i

/**
 * Joins the pieces of a split text without the numbers added for WeCom; a link in the text becomes the message's
 * link.
 */
function plainText(chunks: string[]): { text: string; url: string } {
  const whole =
    chunks.length === 1 ? chunks[0]! : chunks.map(one => one.replace(/^\(\d+\/\d+\)\n/, '')).join('')
  const url = linkInText.exec(whole)?.[1] ?? ''
  return { text: withoutTags(whole.replace(linkAtEnd, '').replace(linkInText, '$2')), url }
}

function withoutTags(text: string): string {
  return text
    .replace(/<br\s*\/?>|<\/(p|div|li|tr|h\d)>/gi, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Fills in the variables of a template: Tencent writes `{1}`, Aliyun `${name}`. */
function filled(template: SmsTemplate | null, params: string[]): string {
  if (!template?.text) return params.join('，')
  return template.text.replace(/\$\{(\w+)\}|\{(\d+)\}/g, (whole, name?: string, number?: string) => {
    const index = name === undefined ? Number(number) - 1 : template.params.indexOf(name)
    return params[index] ?? whole
  })
}

/** How many messages arrived since then, counted up to `atMost`. */
export async function countUnread(
  ctx: Core,
  reader: Reader,
  readAt: Date | null,
  atMost: number,
): Promise<number> {
  const floor = new Date(ctx.now() - shownMs)
  const after = readAt && readAt > floor ? readAt : floor
  const rows = await sql<{ count: number }>`
    select count(*)::int as count from (
      select 1 from (${partsOf(reader, after, newest(ctx), atMost)}) as part
      join message m on m.id = part.message_id and m.recalled_at is null limit ${atMost}) as counted`.execute(
    ctx.db,
  )
  return rows.rows[0]?.count ?? 0
}
