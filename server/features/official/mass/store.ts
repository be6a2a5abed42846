import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'
import type { Tables } from '../../../platform/storage/tables.ts'
import type { Content } from './content.ts'
import type { MassReason } from './reason.ts'

export type AccountKey = { corpId: string; originalId: string }

/** As it is stored; openids are with the calls. `notLinked` members follow the account not, or not as themselves. */
export type Audience =
  | { to: 'all' }
  | { to: 'tag'; tagId: number; tagName: string }
  | { to: 'openids' }
  | { to: 'members'; members: number; notLinked: number }

export type MassState = Tables['official_mass']['state']
export type PartState = Tables['official_mass_part']['state']

export type NewMass = {
  id: string
  requestId: string | undefined
  audience: Audience
  content: Content
  receivers: number
  state: MassState
  dueAt: Date
  actor: string
  at: Date
  /** The openids of each call; null for one that names everybody or a tag. */
  parts: (readonly string[] | null)[]
}

/** Returns the id; the earlier one when the same request was stored before. */
export async function insertMass(db: Db, { corpId, originalId }: AccountKey, mass: NewMass): Promise<string> {
  const inserted = await db
    .insertInto('official_mass')
    .values({
      corp_id: corpId,
      original_id: originalId,
      id: mass.id,
      request_id: mass.requestId ?? null,
      audience: JSON.stringify(mass.audience),
      content: JSON.stringify(mass.content),
      receivers: mass.receivers,
      state: mass.state,
      due_at: mass.dueAt,
      actor: mass.actor,
      created_at: mass.at,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) {
    const { id } = await db
      .selectFrom('official_mass')
      .select('id')
      .where('corp_id', '=', corpId)
      .where('original_id', '=', originalId)
      .where('request_id', '=', mass.requestId ?? '')
      .executeTakeFirstOrThrow()
    return id
  }
  const rows = mass.parts.map((openids, n) => ({ n: n + 1, openids }))
  await sql`
    insert into official_mass_part (corp_id, original_id, mass_id, n, openids, state, due_at)
    select ${corpId}, ${originalId}, ${mass.id}, n, openids, 'waiting', ${mass.dueAt}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(n int, openids text[])`.execute(db)
  return inserted.id
}

export type Mass = {
  id: string
  audience: Audience
  content: Content
  receivers: number
  state: MassState
  dueAt: Date
  actor: string
  decidedBy: string | null
  decidedAt: Date | null
  createdAt: Date
  endedAt: Date | null
}

const massColumns = sql`m.id, m.audience, m.content, m.receivers, m.state, m.due_at as "dueAt", m.actor,
  m.decided_by as "decidedBy", m.decided_at as "decidedAt", m.created_at as "createdAt", m.ended_at as "endedAt"`

/** Locked until the transaction ends, so that nothing of it is sent before. */
export async function lockMass(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: string,
): Promise<Mass | undefined> {
  const { rows } = await sql<Mass>`
    select ${massColumns} from official_mass m
    where corp_id = ${corpId} and original_id = ${originalId} and id = ${id} for update`.execute(db)
  return rows[0]
}

/** What WeChat said of a call; the status is normalised (status.ts). Counts are null where it was asked, and no event told them. */
export type CallResult = {
  status: string
  total: number | null
  filtered: number | null
  sent: number | null
  errors: number | null
  urls: string[]
}

export type MassPart = {
  n: number
  receivers: number | null
  state: PartState
  attempts: number
  msgId: string | null
  reason: MassReason | null
  dueAt: Date
  submittedAt: Date | null
  endedAt: Date | null
  told: CallResult | null
}

export type MassWithParts = Mass & { parts: MassPart[] }

const partsOf = sql`
  select coalesce(jsonb_agg(jsonb_build_object('n', p.n, 'receivers', cardinality(p.openids), 'state', p.state,
    'attempts', p.attempts, 'msgId', p.msg_id, 'reason', p.reason, 'dueAt', p.due_at, 'submittedAt', p.submitted_at,
    'endedAt', p.ended_at, 'told', case when r.msg_id is not null then jsonb_build_object('status', r.status,
      'total', r.total, 'filtered', r.filtered, 'sent', r.sent, 'errors', r.errors, 'urls', r.urls) end) order by p.n), '[]')
  from official_mass_part p left join official_mass_result r
    on r.corp_id = p.corp_id and r.original_id = p.original_id and r.msg_id = p.msg_id
  where p.corp_id = m.corp_id and p.original_id = m.original_id and p.mass_id = m.id`

/** The newest first. */
export async function masses(
  db: Db,
  { corpId, originalId }: AccountKey,
  { offset, limit, id }: { offset: number; limit: number; id?: string },
): Promise<{ list: MassWithParts[]; total: number }> {
  const isMeant = sql`m.corp_id = ${corpId} and m.original_id = ${originalId} and (${id ?? null}::text is null or m.id = ${id ?? null})`
  const [found, counted] = await Promise.all([
    sql<MassWithParts>`
      select ${massColumns}, (${partsOf}) as parts from official_mass m where ${isMeant}
      order by m.created_at desc, m.id limit ${limit} offset ${offset}`.execute(db),
    sql<{ n: number }>`select count(*)::int as n from official_mass m where ${isMeant}`.execute(db),
  ])
  const list = found.rows.map(mass => ({ ...mass, parts: mass.parts.map(withDates) }))
  return { list, total: counted.rows[0]?.n ?? 0 }
}

function withDates(part: MassPart): MassPart {
  const date = (value: Date | string | null) => (value === null ? null : new Date(value))
  return {
    ...part,
    dueAt: new Date(part.dueAt),
    submittedAt: date(part.submittedAt),
    endedAt: date(part.endedAt),
  }
}

export async function setMass(
  db: Db,
  { corpId, originalId }: AccountKey,
  id: string,
  change: { state: MassState; dueAt?: Date; decidedBy?: string; decidedAt?: Date; endedAt?: Date },
): Promise<void> {
  await db
    .updateTable('official_mass')
    .set({
      state: change.state,
      ...(change.dueAt ? { due_at: change.dueAt } : {}),
      ...(change.decidedBy ? { decided_by: change.decidedBy } : {}),
      ...(change.decidedAt ? { decided_at: change.decidedAt } : {}),
      ...(change.endedAt ? { ended_at: change.endedAt } : {}),
    })
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .where('id', '=', id)
    .execute()
}

export async function needsApproval(db: Db, { corpId, originalId }: AccountKey): Promise<boolean> {
  const row = await db
    .selectFrom('official_mass_setting')
    .select('needs_approval')
    .where('corp_id', '=', corpId)
    .where('original_id', '=', originalId)
    .executeTakeFirst()
  return row?.needs_approval === true
}

export async function putNeedsApproval(
  db: Db,
  { corpId, originalId }: AccountKey,
  needs_approval: boolean,
): Promise<void> {
  await db
    .insertInto('official_mass_setting')
    .values({ corp_id: corpId, original_id: originalId, needs_approval })
    .onConflict(conflict => conflict.columns(['corp_id', 'original_id']).doUpdateSet({ needs_approval }))
    .execute()
}

/** Returns which of these members follow the account, by openid. */
export async function openidsOfMembers(
  db: Db,
  { corpId, originalId }: AccountKey,
  memberIds: readonly number[],
): Promise<string[]> {
  const { rows } = await sql<{ openid: string }>`
    select openid from official_follower
    where corp_id = ${corpId} and original_id = ${originalId} and member_id = any(${[...memberIds]}::bigint[])
      and subscribed and not is_blocked order by openid`.execute(db)
  return rows.map(row => row.openid)
}

export async function pruneMasses(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isOld = sql`old.created_at < ${before} and old.state not in ('waiting', 'going')`
  return deleteOldestOfCorps(db, 'official_mass', isOld, 'created_at', atMost)
}

export type Candidate = { openid: string; name: string; memberId: number | null }

/** Followers whom a preview may be sent to: the linked ones first, then those who came last. */
export async function candidates(
  db: Db,
  { corpId, originalId }: AccountKey,
  limit: number,
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select openid, coalesce(nullif(remark, ''), nickname) as name, member_id as "memberId" from official_follower
    where corp_id = ${corpId} and original_id = ${originalId} and subscribed and not is_blocked
    order by member_id is null, subscribed_at desc nulls last, openid limit ${limit}`.execute(db)
  return rows
}

/** Confirmed masses of all accounts of the corp that are not over. */
export async function countUnderWay(db: Db, corpId: string): Promise<number> {
  const { count } = await db
    .selectFrom('official_mass')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('corp_id', '=', corpId)
    .where('state', 'in', ['waiting', 'going'])
    .executeTakeFirstOrThrow()
  return Number(count)
}
