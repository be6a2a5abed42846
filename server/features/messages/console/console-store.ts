import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { bearersOf, type Hold, type MessageKey, type PartState } from '../../channels/part.ts'
import { bearers, isTakenBackPart, isTroubled } from '../fate/fate-store.ts'
import { type FigureName, factsOfFigures, figures, isOfType, untyped } from '../figures/figure-facts-store.ts'
import { type MessageState, partsSummed, stateOfMessage } from '../figures/message-state-store.ts'
import type { RefusedReceiver } from '../parts/store.ts'
import { fallsBack, fatesOfPersons } from '../plans/persons-store.ts'
import { personsOutside } from '../plans/plan-store.ts'

export type ListedMessage = {
  id: string
  devId: string
  channel: string
  agentId: number | null
  agentName: string
  templateId: string | null
  typeKey: string | null
  children: string[] | null
  receivers: number
  createdAt: Date
  recalledAt: Date | null
  state: MessageState
  heldUntil: Date | null
  /** Sealed; null when it is so long that a list must not read it. */
  content: string | null
  /** The first receiver; both null while the receivers are being found. */
  userId: string | null
  memberId: number | null
}

/** Of the sealed text, so that a page of long mails stays some megabytes. */
const contentAtMost = 50_000

export type MessageFilter = {
  /** Key of a type; '-' for messages without one. */
  type?: string | undefined
  channels?: readonly string[] | undefined
  /** Those in one of these states. `troubled`: those that did not reach everybody, or may not have, as the overview counts them. */
  states?: readonly (MessageState | 'troubled')[] | undefined
  devId?: string | undefined
  agentName?: string | undefined
  id?: string | undefined
  receiver?: { memberId: number; userId: string } | undefined
  /** Those that this figure of a type counts. */
  figure?: FigureName | undefined
  from?: Date | undefined
  to?: Date | undefined
}

export const sortable = { createdAt: sql`created_at`, receivers: sql`receivers` } as const
export type MessageSort = { field: keyof typeof sortable; descending: boolean }

/**
 * Only this many of the newest messages that pass the cheap filters are examined, because a list must not hold up
 * sending.
 */
export const lookedAtMost = 20_000

/** Of these at most, because one call may have thousands of messages that carry its texts and are not listed. */
export const scannedAtMost = 60_000

const firstReceiver = sql`(
  select p.user_ids[1] as "userId", p.member_ids[1] as "memberId"
  from message_part p where p.corp_id = m.corp_id and p.message_id = any(${bearers}) order by p.n limit 1)`

export const columns = sql`m.corp_id, m.id, m.dev_id, m.channel, m.agent_id, m.agent_name, m.template_id, m.receivers, m.created_at,
  m.recalled_at, m.expanded_to, m.about_alert, m.type_key, m.children, m.expires_at`

/** `isWhole` is false when older messages exist that were not examined. */
export async function listMessages(
  db: Db,
  corpId: string,
  filter: MessageFilter,
  sort: MessageSort,
  page: { offset: number; limit: number },
): Promise<{ rows: ListedMessage[]; total: number; isWhole: boolean }> {
  const order = sql`${sortable[sort.field]} ${sort.descending ? sql`desc` : sql`asc`}, id`
  const isByParts = filter.figure !== undefined || statesOfParts(filter.states).length > 0
  const withParts = isByParts ? sql`cross join lateral ${partsSummed} s` : sql``
  const found = await sql<ListedMessage & { total: number; isWhole: boolean }>`
    with recent as (
      select * from (select ${columns}, m.parent_id from message m where ${cheap(corpId, filter)}
        order by created_at desc limit ${scannedAtMost}) scanned
      where parent_id is null limit ${lookedAtMost}),
    hits as (select m.* from recent m ${withParts} ${withFacts(filter)} where ${dear(filter)}),
    page as (select * from hits order by ${order} limit ${page.limit} offset ${page.offset}),
    shown as (select m.*, ${stateOfMessage} as state, s."heldUntil", first."userId", first."memberId",
        (select c.content from message c
          where c.corp_id = m.corp_id and c.id = m.id and length(c.content) <= ${contentAtMost}) as content
      from page m cross join lateral ${partsSummed} s left join lateral ${firstReceiver} first on true)
    select id, dev_id as "devId", channel, agent_id as "agentId", agent_name as "agentName",
      template_id as "templateId", type_key as "typeKey", children, receivers, created_at as "createdAt", recalled_at as "recalledAt", state, "heldUntil",
      content, "userId", "memberId", counted.total,
      counted.looked < ${lookedAtMost} and (select count(*) from (
        select from message m where ${cheap(corpId, filter)} limit ${scannedAtMost}) scanned) < ${scannedAtMost} as "isWhole"
    from (select (select count(*)::int from hits) as total, (select count(*)::int from recent) as looked) counted
      left join shown on true
    order by ${order}`.execute(db)
  const { total = 0, isWhole = true } = found.rows[0] ?? {}
  return { rows: found.rows.filter(row => row.id !== null), total, isWhole }
}

const chunk = 1000

/** All messages that fit, the newest first, none that came since. Each step examines a thousand. */
export async function* allMessages(
  db: Db,
  corpId: string,
  filter: MessageFilter,
): AsyncGenerator<ListedMessage[]> {
  type FilteredMessage = ListedMessage & { fits: boolean }
  let after = sql`true`
  for (;;) {
    const { rows } = await sql<FilteredMessage>`
      with recent as (
        select ${columns} from message m where ${cheap(corpId, filter)} and m.parent_id is null and ${after}
        order by created_at desc, id desc limit ${chunk})
      select m.id, m.dev_id as "devId", m.channel, m.agent_id as "agentId", m.agent_name as "agentName",
        m.template_id as "templateId", m.type_key as "typeKey", m.children, m.receivers, m.created_at as "createdAt", m.recalled_at as "recalledAt",
        ${stateOfMessage} as state, s."heldUntil", ${dear(filter)} as fits
      from recent m cross join lateral ${partsSummed} s ${withFacts(filter)} order by m.created_at desc, m.id desc`.execute(
      db,
    )
    yield rows.filter(row => row.fits)
    const last = rows.at(-1)
    if (last === undefined || rows.length < chunk) return
    after = sql`(m.created_at, m.id) < (${last.createdAt}, ${last.id})`
  }
}

function cheap(corpId: string, { type, channels, devId, agentName, id, from, to }: MessageFilter) {
  return sql.join(
    [
      sql`m.corp_id = ${corpId}`,
      ...(id === undefined ? [] : [sql`m.id = ${id}`]),
      ...(type === undefined ? [] : [isOfType(type === untyped ? '' : type)]),
      ...(channels === undefined ? [] : [sql`m.channel = any(${channels}::text[])`]),
      ...(devId === undefined ? [] : [sql`m.dev_id = ${devId}`]),
      ...(agentName === undefined ? [] : [sql`strpos(lower(m.agent_name), lower(${agentName})) > 0`]),
      ...(from === undefined ? [] : [sql`m.created_at >= ${from}`]),
      ...(to === undefined ? [] : [sql`m.created_at < ${to}`]),
    ],
    sql` and `,
  )
}

/** Those for which the parts of a message have to be read. */
const statesOfParts = (wanted: MessageFilter['states'] = []) => wanted.filter(one => one !== 'troubled')

const withFacts = ({ figure }: MessageFilter) =>
  figure === undefined ? sql`` : sql`cross join lateral ${factsOfFigures} f`

function dear({ states: wanted, receiver, figure }: MessageFilter) {
  const states = statesOfParts(wanted)
  const isIn = [
    ...(states.length > 0 ? [sql`${stateOfMessage} = any(${states}::text[])`] : []),
    ...(wanted?.includes('troubled') ? [sql`(${isTroubled})`] : []),
  ]
  const isMeant = receiver && [
    sql`(select true from message_part p
      where p.corp_id = m.corp_id and p.message_id = any(${bearers}) and p.state <> 'replaced'
        and (p.member_ids @> array[${receiver.memberId}::bigint] or p.user_ids = array['@all']) limit 1)`,
    sql`(select true from message_result r
      where r.corp_id = m.corp_id and r.message_id = any(array_append(${bearers}, m.id)) and r.user_id = ${receiver.userId} limit 1)`,
    sql`(m.children is not null and exists (select from message_waiting w
      where w.corp_id = m.corp_id and w.message_id = m.id and w.member_id = ${receiver.memberId}))`,
    sql`(m.children is not null and exists (select from message_collected c
      where c.corp_id = m.corp_id and c.message_id = m.id and c.member_id = ${receiver.memberId}))`,
  ]
  return sql.join(
    [
      sql`true`,
      ...(figure === undefined ? [] : [figures[figure]]),
      ...(isIn.length > 0 ? [sql`(${sql.join(isIn, sql` or `)})`] : []),
      ...(isMeant ? [sql`(${sql.join(isMeant, sql` or `)}) is true`] : []),
    ],
    sql` and `,
  )
}

export type AttemptRow = {
  part: number
  n: number
  at: Date
  ms: number
  outcome: string
  answer: string
  way: string
  /** What became of the attempt by another way before it; '' for none. */
  before: string
  /** The first receivers, and how many there are; of a call that was accepted, those whom upstream took. */
  userIds: string[]
  receivers: number
  /** Those whom upstream refused, in the answer or in a receipt. */
  refused: RefusedReceiver[]
}

const refusedAtMost = 1000

/** The calls to upstream for a message, in order. `troubledOnly` leaves out those that reached all their receivers. */
export async function attemptsPage(
  db: Db,
  message: MessageKey,
  page: { offset: number; limit: number },
  troubledOnly = false,
): Promise<{ rows: AttemptRow[]; total: number }> {
  // A receipt may tell later of somebody who did not get what upstream took.
  const found = sql`
    select p.n as part, a.n, a.at, a.ms, a.outcome, a.answer, coalesce(a.way, '') as way, p.user_ids,
      case when lag(a.way) over tries <> a.way then lag(a.outcome) over tries else '' end as before, coalesce(r.refused, '[]') as refused
    from message_attempt a join message_part p on p.corp_id = a.corp_id and p.id = a.part_id
    left join lateral (
      select jsonb_agg(jsonb_build_object('userId', user_id, 'reason', reason) order by user_id) as refused from (
        select distinct on (user_id) user_id, reason from (
          select said->>'userId' as user_id, said->>'reason' as reason from jsonb_array_elements(a.refused) said
          union all
          select user_id, reason from message_result
          where corp_id = p.corp_id and message_id = p.message_id and part_id = p.id and state = 'failed' and a.outcome = 'sent'
        ) as told order by user_id limit ${refusedAtMost}
      ) as once
    ) r on true
    where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[])
      and ${troubledOnly ? sql`(a.outcome <> 'sent' or r.refused is not null)` : sql`true`}
    window tries as (partition by a.part_id order by a.n)`
  const rows = await sql<AttemptRow>`
    select part, n, at, ms, outcome, answer, way, before, meant.ids[1:10] as "userIds", cardinality(meant.ids) as receivers, refused
    from (${found} order by at, part, n limit ${page.limit} offset ${page.offset}) as one
    cross join lateral (select case when outcome <> 'sent' or refused = '[]' then user_ids else array(
        select u.id from unnest(user_ids) with ordinality as u(id, place)
          left join jsonb_to_recordset(refused) as r("userId" text) on r."userId" = u.id
        where r."userId" is null order by place) end as ids) as meant
    order by at, part, n`.execute(db)
  const counted = await sql<{ total: number }>`select count(*)::int as total from (${found}) as one`.execute(
    db,
  )
  return { rows: rows.rows, total: counted.rows[0]?.total ?? 0 }
}

export type HoldRow = Hold & { receivers: number; isAll: boolean; isOpen: boolean }

const holdsAtMost = 100

/** What limits held back of a message, also when that is over; `isOpen` while something still waits. */
export async function holdsOf(db: Db, message: MessageKey): Promise<HoldRow[]> {
  const rows = await sql<HoldRow>`
    select hold->>'since' as since, hold->>'until' as until, hold->>'reason' as reason,
      count(distinct u)::int as receivers, bool_or(u = '@all') as "isAll",
      bool_or(p.state = 'waiting' and p.held_until is not null) as "isOpen"
    from message_part p cross join lateral unnest(p.user_ids) as u
    where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[]) and p.hold is not null
    group by 1, 2, 3 order by 1, 2 limit ${holdsAtMost}`.execute(db)
  return rows.rows
}

export type Receiver = {
  userId: string
  memberId: number | null
  state: ReceiverState
  reason: string
  delivered: boolean
  /** The message within which this receiver gets it; null for one who gets it by itself. */
  digestId: string | null
}

/** The state of the part, or that it was taken back from this receiver. */
type ReceiverState = PartState | 'recalled'

/** All receivers of a message. For a split text the worst state counts, as in fate-store.ts. */
export async function receiversPage(
  db: Db,
  message: MessageKey,
  filter: { state?: ReceiverState | undefined; userIds?: string[] | undefined },
  page: { offset: number; limit: number },
): Promise<{ rows: Receiver[]; total: number }> {
  const all = (await fallsBack(db, message))
    ? sql`select "userId", "memberId", case when "isRecalled" then 'recalled' else state end as state, reason, delivered,
        null as "digestId" from (${fatesOfPersons(message)}) as once`
    : sql`
    select user_id as "userId", "memberId", state, reason, delivered, null as "digestId" from (
      select distinct on (u.user_id) u.user_id, u.member_id as "memberId",
        case when p.state in ('sending', 'asking') then 'waiting'
          when p.state = 'sent' and r.state = 'failed' then 'failed'
          when ${isTakenBackPart} then 'recalled' else p.state end as state,
        case when r.state = 'failed' then r.reason
          when p.state = 'sent' then '' else coalesce(p.reason, '') end as reason,
        coalesce(r.state = 'delivered', false) as delivered
      from message_part p cross join lateral unnest(p.user_ids, p.member_ids) as u(user_id, member_id)
      left join message_result r on r.corp_id = p.corp_id and r.message_id = p.message_id and r.user_id = u.user_id
        and r.part_id = p.id
      where p.corp_id = ${message.corpId} and p.message_id = any(${bearersOf(message)}::text[]) and p.state <> 'replaced'
      order by u.user_id, case when p.state in ('waiting', 'sending', 'asking') then 1
        when p.state = 'failed' or (p.state = 'sent' and r.state = 'failed') then 2
        when p.state = 'unknown' then 3 when p.state = 'cancelled' then 4 else 5 end, p.n desc
    ) as of_parts
    union all
    select user_id, null, 'failed', reason, false, null from message_result
    where corp_id = ${message.corpId} and message_id = any(${bearersOf(message)}::text[]) and part_id is null and state = 'failed'`
  const whole = message.children
    ? sql`${all} union all select "userId", "memberId", state, reason, false, "digestId" from (${personsOutside(message)}) as outside`
    : all
  const wanted = sql.join(
    [
      sql`true`,
      ...(filter.state === undefined ? [] : [sql`state = ${filter.state}`]),
      ...(filter.userIds === undefined ? [] : [sql`"userId" = any(${filter.userIds}::text[])`]),
    ],
    sql` and `,
  )
  const rows = await sql<Receiver>`
    select * from (${whole}) as one where ${wanted}
    order by case state when 'failed' then 1 when 'unknown' then 2 when 'waiting' then 3 else 4 end, "userId"
    limit ${page.limit} offset ${page.offset}`.execute(db)
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from (${whole}) as one where ${wanted}`.execute(db)
  return { rows: rows.rows, total: counted.rows[0]?.total ?? 0 }
}

/** A message that a digest carries, to the person who gets it. */
export type CollectedMessage = {
  id: string
  devId: string
  channel: string
  agentName: string
  templateId: string | null
  typeKey: string | null
  createdAt: Date
  /** Of the words that this person got; sealed, null where they are not kept or so long that a list must not read them. */
  content: string | null
}

/** What a digest carries, the newest first. */
export async function collectedPage(
  db: Db,
  { corpId, id }: MessageKey,
  page: { offset: number; limit: number },
): Promise<{ rows: CollectedMessage[]; total: number }> {
  const { rows } = await sql<CollectedMessage>`
    select m.id, m.dev_id as "devId", coalesce(t.channel, m.channel) as channel, m.agent_name as "agentName", t.template_id as "templateId",
      m.type_key as "typeKey", m.created_at as "createdAt",
      case when length(t.content) <= ${contentAtMost} then t.content end as content
    from message_collected c join message m on m.corp_id = c.corp_id and m.id = c.message_id
      left join message t on t.corp_id = c.corp_id and t.id = c.text_id
    where c.corp_id = ${corpId} and c.digest_message_id = ${id}
    order by m.created_at desc, m.id desc limit ${page.limit} offset ${page.offset}`.execute(db)
  return { rows, total: await countCollected(db, { corpId, id }) }
}

/** How many messages a digest carries; 0 for what is none. */
export async function countCollected(db: Db, { corpId, id }: MessageKey): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*)::int as total from message_collected
    where corp_id = ${corpId} and digest_message_id = ${id}`.execute(db)
  return rows[0]?.total ?? 0
}

/** How many receivers a resend would go to, and how many a recall. */
export async function reopenable(db: Db, message: MessageKey) {
  const rows = await sql<{ failed: number; unknown: number; waiting: number; sent: number }>`
    select count(distinct u) filter (where state = 'failed')::int
        + (select count(*)::int from message_result r join message_part p on p.corp_id = r.corp_id and p.id = r.part_id
          where r.corp_id = ${message.corpId} and r.message_id = any(${bearersOf(message)}::text[]) and r.state = 'failed' and p.state = 'sent') as failed,
      count(distinct u) filter (where state = 'unknown')::int as unknown,
      count(distinct u) filter (where state = 'waiting')::int as waiting,
      count(distinct u) filter (where state = 'sent' and vendor_id is not null)::int as sent
    from message_part left join lateral unnest(user_ids) as u on true
    where corp_id = ${message.corpId} and message_id = any(${bearersOf(message)}::text[])`.execute(db)
  return rows.rows[0] ?? { failed: 0, unknown: 0, waiting: 0, sent: 0 }
}

export type Act = { at: Date; actor: string; act: string; detail: unknown }

/** What administrators and developers have done with the message since it was sent. */
export async function actsOn(db: Db, corpId: string, messageId: string, since: Date): Promise<Act[]> {
  return db
    .selectFrom('audit')
    .select(['at', 'actor', 'act', 'detail'])
    .where('corp_id', '=', corpId)
    .where('target', '=', messageId)
    .where('at', '>=', since)
    .where('act', 'in', ['message.send', 'message.resend', 'message.recall'])
    .orderBy('id')
    .limit(100)
    .execute()
}

/** The latest bearer of this userid, whether here or gone. */
export async function personByUserKey(db: Db, corpId: string, key: string) {
  return db
    .selectFrom('member')
    .select(['id as memberId', 'user_id as userId', 'name'])
    .where('corp_id', '=', corpId)
    .where('user_key', '=', key)
    .orderBy('id', 'desc')
    .executeTakeFirst()
}

export async function developerNames(db: Db, corpId: string): Promise<{ devId: string; name: string }[]> {
  return db
    .selectFrom('developer')
    .select(['dev_id as devId', 'name'])
    .where('corp_id', '=', corpId)
    .orderBy('name')
    .limit(1000)
    .execute()
}
