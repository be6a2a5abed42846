import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { keptPlan } from '../../../platform/storage/ways/kept-plans.ts'
import { backAgain, backAgainRows, marksSince } from '../marks/mark-store.ts'

export type Reader = { corpId: string; memberId: number }

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
      and p.corp_id = ${reader.corpId} and p.member_ids[1] = ${reader.memberId} and ${within})
    union all
    (select ${columns} from message_part p where cardinality(p.member_ids) > 1 and ${over}
      and p.member_ids @> array[${reader.memberId}::bigint] and ${within})
    union all
    (select ${columns} from message_part p where cardinality(p.member_ids) = 0 and ${over}
      and p.corp_id = ${reader.corpId} and p.user_ids = array['@all']
      and p.finished_at >= (select created_at from member where corp_id = ${reader.corpId} and id = ${reader.memberId}) and ${within})`
}

/** Where a page ends. The id is needed because many parts may finish at the same moment. */
export type Cursor = { at: Date; id: number }

export type MyRow = {
  /** Of the listed message, also where the person got one text of it. */
  id: string
  partId: number
  at: Date
  channel: string
  sender: string
  /** Whose message it is; '' for the console's. */
  devId: string
  /** Null for what a digest collected before its words were kept. */
  content: string | null
  state: 'sent' | 'failed' | 'unknown'
  recalledAt: Date | null
  isRefused: boolean
  readAt: Date | null
  acknowledgedAt: Date | null
  archivedAt: Date | null
  laterUntil: Date | null
  /** It came before wisp noted what people read. */
  isBeforeMarks: boolean
  /** They got it later by another channel as well, which is the one that is listed. */
  isAgain: boolean
  /** It lists others, which it carries. */
  isDigest: boolean
}

const times = ['at', 'recalledAt', 'readAt', 'acknowledgedAt', 'archivedAt', 'laterUntil'] as const
type Times = (typeof times)[number]
/** As it is read: times are ms, which are read many times faster than timestamps. */
type ReadRow = Omit<MyRow, Times> & { [T in Times]: number | null }

/** Exact to a ms, and reckoned with doubles: ten times as fast as `extract`. */
const inMs = (column: string) => sql`round(date_part('epoch', ${sql.ref(column)}) * 1000)`
const dated = (ms: number | null) => (ms === null ? null : new Date(ms))

function rowOf(row: ReadRow): MyRow {
  return {
    ...row,
    at: new Date(row.at ?? 0),
    recalledAt: dated(row.recalledAt),
    readAt: dated(row.readAt),
    acknowledgedAt: dated(row.acknowledgedAt),
    archivedAt: dated(row.archivedAt),
    laterUntil: dated(row.laterUntil),
  }
}

/** Of a part, its message m and what the reader did with it, k. */
const rowColumns = ({ corpId, memberId }: Reader) => sql`
  coalesce(m.parent_id, m.id) as id, part.id as "partId", ${inMs('part.finished_at')} as at, m.channel, m.agent_name as sender, m.dev_id as "devId",
  m.content, part.state, ${inMs('m.recalled_at')} as "recalledAt",
  exists (select 1 from message_result r join member me on me.corp_id = ${corpId} and me.id = ${memberId}
    where r.corp_id = m.corp_id and r.message_id = m.id and r.user_id = me.user_id and r.state = 'failed') as "isRefused",
  ${inMs('k.read_at')} as "readAt", ${inMs('k.acknowledged_at')} as "acknowledgedAt", ${inMs('k.archived_at')} as "archivedAt",
  ${inMs('k.later_until')} as "laterUntil",
  coalesce(part.finished_at < (select applied_at from migration where name = ${marksSince}), false) as "isBeforeMarks",
  m.parent_id is not null and exists (select 1 from message_plan q join message whole on whole.corp_id = q.corp_id and whole.id = q.message_id
      join message_part later on later.corp_id = q.corp_id and later.message_id = any(whole.children) and later.chunk = 0
        and later.state in ('sent', 'failed', 'unknown') and later.member_ids @> array[${memberId}::bigint]
        and (later.finished_at, later.id) > (part.finished_at, part.id)
    where q.corp_id = m.corp_id and q.message_id = m.parent_id and q.falls_back) as "isAgain",
  m.type_key is not null and exists (select from message_collected g
    where g.corp_id = m.corp_id and g.digest_message_id = m.id) as "isDigest"`

const markOf = ({ corpId, memberId }: Reader) => sql`
  left join message_mark k on k.corp_id = ${corpId} and k.message_id = coalesce(m.parent_id, m.id) and k.member_id = ${memberId}`

/**
 * A page of a reader's messages, the latest first. With `backUntil`, `back` are the ids of those that they had put off until a time that came
 * by then, the latest first.
 */
export async function readMine(
  db: Db,
  reader: Reader,
  page: { after: Date; before: Cursor; limit: number },
  backUntil?: Date,
): Promise<{ rows: MyRow[]; back: string[] }> {
  const { corpId, memberId } = reader
  const back =
    backUntil &&
    sql`, (select json_agg(b.id)::text from (${backAgainRows(corpId, memberId, backUntil)}) as b) as back`
  // Each message is looked up by its key, which also a plan does that was made when there were few.
  const { rows } = await sql<ReadRow & { back?: string | null }>`${keptPlan}
    select ${rowColumns(reader)} ${back ?? sql``}
    from (select * from (${partsOf(reader, page.after, page.before, page.limit)}) as found
      order by finished_at desc, id desc limit ${page.limit}) as part
    cross join lateral (select * from message where corp_id = ${corpId} and id = part.message_id limit 1) as m ${markOf(reader)}
    order by part.finished_at desc, part.id desc`.execute(db)
  const [first] = rows
  if (first === undefined && backUntil)
    return { rows: [], back: await backAgain(db, corpId, memberId, backUntil) }
  return { rows: rows.map(rowOf), back: first?.back ? (JSON.parse(first.back) as string[]) : [] }
}

/** A message that came within a digest, whose fate is its own. */
export type CollectedRow = MyRow & { digestId: string }

/** What digests carried to the reader: all of some digests, or some messages, the newest first. */
async function collectedMine(
  db: Db,
  { corpId, memberId }: Reader,
  which: RawBuilder<boolean>,
  { offset = 0, limit }: { offset?: number; limit: number },
): Promise<CollectedRow[]> {
  const { rows } = await sql<CollectedRow>`
    select m.id, c.digest_message_id as "digestId", part.id as "partId", part.finished_at as at, coalesce(t.channel, m.channel) as channel,
      coalesce(t.agent_name, m.agent_name) as sender, m.dev_id as "devId", t.content, part.state,
      coalesce(m.recalled_at, d.recalled_at) as "recalledAt",
      exists (select from message_result r where r.corp_id = d.corp_id and r.message_id = d.id and r.state = 'failed') as "isRefused",
      k.read_at as "readAt", k.acknowledged_at as "acknowledgedAt", k.archived_at as "archivedAt", k.later_until as "laterUntil",
      false as "isBeforeMarks", false as "isAgain", false as "isDigest"
    from message_collected c
      join message m on m.corp_id = c.corp_id and m.id = c.message_id
      join message d on d.corp_id = c.corp_id and d.id = c.digest_message_id
      cross join lateral (select * from message_part p where p.corp_id = d.corp_id and p.message_id = d.id and ${over}
        order by p.id desc limit 1) as part
      left join message t on t.corp_id = c.corp_id and t.id = c.text_id
      left join message_mark k on k.corp_id = c.corp_id and k.message_id = c.message_id and k.member_id = c.member_id
    where c.corp_id = ${corpId} and c.member_id = ${memberId} and ${which}
    order by m.created_at desc, m.id desc limit ${limit} offset ${offset}`.execute(db)
  return rows
}

/** What these digests carried to the reader, of this developer or of all. */
export function collectedIn(
  db: Db,
  reader: Reader,
  digestIds: readonly string[],
  page: { devId?: string | undefined; offset?: number; limit: number },
): Promise<CollectedRow[]> {
  const { devId = null } = page
  const which = sql<boolean>`c.digest_message_id = any(${[...digestIds]}::text[]) and (${devId}::text is null or m.dev_id = ${devId})`
  return collectedMine(db, reader, which, page)
}

/** These messages, by the ids by which they are listed, as far as the reader got them: the latest of its texts first. */
export async function mineById(db: Db, reader: Reader, ids: readonly string[]): Promise<MyRow[]> {
  const inDigests = sql<boolean>`c.message_id = any(${[...ids]}::text[])`
  return [
    ...(await mineInParts(db, reader, ids)),
    ...(await collectedMine(db, reader, inDigests, { limit: ids.length })),
  ]
}

async function mineInParts(db: Db, reader: Reader, ids: readonly string[]): Promise<MyRow[]> {
  const { rows } = await sql<ReadRow>`
    select ${rowColumns(reader)}
    from message listed cross join lateral unnest(coalesce(listed.children, array[listed.id])) as bearer(id)
    join message_part part on part.corp_id = listed.corp_id and part.message_id = bearer.id and part.chunk = 0
      and part.state in ('sent', 'failed', 'unknown')
      and (part.member_ids @> array[${reader.memberId}::bigint] or part.user_ids = array['@all'] and part.finished_at >=
        (select created_at from member where corp_id = ${reader.corpId} and id = ${reader.memberId}))
    join message m on m.corp_id = listed.corp_id and m.id = bearer.id ${markOf(reader)}
    where listed.corp_id = ${reader.corpId} and listed.id = any(${[...ids]}::text[])
    order by part.finished_at desc, part.id desc`.execute(db)
  return rows.map(rowOf)
}

const countedAtOnce = 200

/**
 * How many messages of this developer or of all came between these, were not recalled and, where `unopenedAt` says now, were neither opened nor
 * archived nor are put off; counted up to `atMost`. One that came by several ways counts once. The parts are looked at in the order of their index,
 * some at a time, until so many are found.
 */
export async function countMine(
  db: Db,
  reader: Reader,
  { after, before, unopenedAt, devId }: CountedMessages,
  atMost: number,
): Promise<number> {
  const isUnopened = sql`k.read_at is null and k.archived_at is null and (k.later_until is null or k.later_until <= ${unopenedAt ?? null})
    and part.finished_at >= coalesce((select applied_at from migration where name = ${marksSince}), '-infinity')`
  // For one developer, what a digest carries counts in the digest's place.
  const carried =
    devId !== undefined &&
    sql`
    join message d on d.corp_id = ${reader.corpId} and d.id = part.message_id
    left join message_collected c on c.corp_id = d.corp_id and c.digest_message_id = d.id and c.member_id = ${reader.memberId}`
  const recalled = carried ? sql`coalesce(m.recalled_at, d.recalled_at)` : sql`m.recalled_at`
  const id = carried ? sql`coalesce(c.message_id, part.message_id)` : sql`part.message_id`
  const found = new Set<string>()
  for (let from = before; ; ) {
    const { rows } = await sql<Cursor & { messageId: string | null }>`
      select part.finished_at as at, part.id, case when ${recalled} is null and (${devId ?? null}::text is null or m.dev_id = ${devId ?? null})
        and ${unopenedAt ? isUnopened : sql`true`} then coalesce(m.parent_id, m.id) end as "messageId"
      from (select * from (${partsOf(reader, after, from, countedAtOnce)}) as found
        order by finished_at desc, id desc limit ${countedAtOnce}) as part
      ${carried || sql``}
      join message m on m.corp_id = ${reader.corpId} and m.id = ${id} ${unopenedAt ? markOf(reader) : sql``}
      order by part.finished_at desc, part.id desc`.execute(db)
    for (const { messageId } of rows) if (messageId !== null) found.add(messageId)
    const last = rows.at(-1)
    if (found.size >= atMost || !last || rows.length < countedAtOnce) return Math.min(found.size, atMost)
    from = last
  }
}
type CountedMessages = { after: Date; before: Cursor; unopenedAt?: Date; devId?: string | undefined }

/** A part as it stands for one receiver. `reason` is that of the part, or of the vendor who refused this receiver. */
export type PartOfPerson = {
  id: string
  at: Date
  channel: string
  sender: string
  content: string
  state: 'waiting' | 'sent' | 'failed' | 'unknown'
  templateId: string | null
  /** It went to everybody by one call, which names no persons. */
  isForAll: boolean
  /** When upstream took it back from this receiver. */
  recalledAt: Date | null
  isRefused: boolean
  reason: string
  heldUntil: Date | null
}

/** What was sent to the reader since then and what waits for them, the latest first. */
export async function partsOfPerson(
  db: Db,
  reader: Reader,
  { after, before, limit }: { after: Date; before: Cursor; limit: number },
): Promise<PartOfPerson[]> {
  const open = sql`
    select p.id, p.message_id, 'waiting' as state, null::timestamptz as finished_at from message_part p
    where p.corp_id = ${reader.corpId} and p.state in ('waiting', 'sending', 'asking') and p.chunk = 0
      and (p.member_ids @> array[${reader.memberId}::bigint] or p.user_ids = array['@all']) limit ${limit}`
  const { rows } = await sql<PartOfPerson>`
    select m.id, coalesce(part.finished_at, m.created_at) as at, m.channel, m.agent_name as sender, m.content,
      m.template_id as "templateId", whole.user_ids = array['@all'] as "isForAll",
      part.state, whole.recalled_at as "recalledAt", refused.reason is not null as "isRefused",
      coalesce(refused.reason, whole.reason, '') as reason, whole.held_until as "heldUntil"
    from ((${open}) union all select * from (${partsOf(reader, after, before, limit)}) as over) as part
    join message_part whole on whole.corp_id = ${reader.corpId} and whole.id = part.id
    join message m on m.corp_id = ${reader.corpId} and m.id = part.message_id
    left join lateral (
      select r.reason from message_result r join member me on me.corp_id = ${reader.corpId} and me.id = ${reader.memberId}
      where r.corp_id = m.corp_id and r.message_id = m.id and r.user_id = me.user_id and r.state = 'failed' limit 1) as refused on true
    order by at desc, part.id desc limit ${limit}`.execute(db)
  return rows
}
