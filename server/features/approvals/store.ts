import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { ApprovalFlow, ApprovalStatus, ApprovalStep } from '../../upstream/wecom/approvals/detail.ts'
import type { FormContent } from '../../upstream/wecom/approvals/encode.ts'

export type ApprovalKey = { corpId: string; id: number }

/** An approval as it was last read, or as it was submitted. */
export type ApprovalRow = ApprovalKey & {
  flow: ApprovalFlow
  no: string | null
  templateId: string
  name: string
  /** Who submitted it by wisp. */
  devId: string | null
  requestId: string | null
  requestHash: string | null
  applicant: string
  state: 'applying' | 'unknown' | 'known'
  status: ApprovalStatus | null
  step: number | null
  holders: readonly string[]
  steps: readonly ApprovalStep[]
  /** As WeCom writes them, or as they were given to it. */
  contents: unknown
  told: readonly string[]
  openTodos: readonly number[]
  todoApp: string | null
  createdAt: Date
  since: Date
  changedAt: Date
}

const columns = [
  'corp_id as corpId',
  'id',
  'flow',
  'no',
  'template_id as templateId',
  'name',
  'dev_id as devId',
  'request_id as requestId',
  'request_hash as requestHash',
  'applicant',
  'state',
  'status',
  'step',
  'holders',
  'steps',
  'contents',
  'told',
  'open_todos as openTodos',
  'todo_app as todoApp',
  'created_at as createdAt',
  'since',
  'changed_at as changedAt',
] as const

const rowsIn = (db: Db, corpId: string) =>
  db.selectFrom('approval').select(columns).where('corp_id', '=', corpId).$castTo<ApprovalRow>()

export function findById(db: Db, { corpId, id }: ApprovalKey): Promise<ApprovalRow | undefined> {
  return rowsIn(db, corpId).where('id', '=', id).executeTakeFirst()
}

export function findByIds(db: Db, corpId: string, ids: readonly number[]): Promise<ApprovalRow[]> {
  return rowsIn(db, corpId)
    .where('id', 'in', [...ids])
    .execute()
}

export function findByNo(
  db: Db,
  corpId: string,
  flow: ApprovalFlow,
  no: string,
): Promise<ApprovalRow | undefined> {
  return rowsIn(db, corpId).where('flow', '=', flow).where('no', '=', no).executeTakeFirst()
}

export function findByRequest(
  db: Db,
  corpId: string,
  devId: string,
  requestId: string,
): Promise<ApprovalRow | undefined> {
  return rowsIn(db, corpId).where('dev_id', '=', devId).where('request_id', '=', requestId).executeTakeFirst()
}

/** The row of this number, which nobody else changes until the transaction ends. */
export function lockByNo(
  tx: Db,
  corpId: string,
  flow: ApprovalFlow,
  no: string,
): Promise<ApprovalRow | undefined> {
  return rowsIn(tx, corpId).where('flow', '=', flow).where('no', '=', no).forUpdate().executeTakeFirst()
}

/** Whether a submission like this is under way, or looked for, since that time. */
export async function isApplying(
  db: Db,
  { corpId, templateId, applicant }: { corpId: string; templateId: string; applicant: string },
  since: Date,
): Promise<boolean> {
  const { rows } = await sql`
    select from approval where corp_id = ${corpId} and state = 'applying' and template_id = ${templateId}
      and lower(applicant) = lower(${applicant}) and created_at > ${since} limit 1`.execute(db)
  return rows.length > 0
}

/** Which of these numbers are known already; `isOwned`: as those of other submissions of developers. */
export async function knownNumbers(
  db: Db,
  corpId: string,
  numbers: readonly string[],
  isOwned = false,
): Promise<Set<string>> {
  const { rows } = await sql<{ no: string }>`
    select no from approval where corp_id = ${corpId} and flow = 'wecom' and no = any(${[...numbers]}::text[])
      and (not ${isOwned}::boolean or request_id is not null)`.execute(db)
  return new Set(rows.map(row => row.no))
}

export type NewSubmission = {
  corpId: string
  templateId: string
  name: string
  devId: string
  requestId: string
  requestHash: string
  applicant: string
  contents: readonly FormContent[]
  at: Date
}

/** Undefined where the developer's requestId is taken. */
export async function insertSubmission(tx: Db, one: NewSubmission): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into approval (corp_id, flow, template_id, name, dev_id, request_id, request_hash, applicant, state, contents,
      created_at, since, changed_at)
    values (${one.corpId}, 'wecom', ${one.templateId}, ${one.name}, ${one.devId}, ${one.requestId}, ${one.requestHash},
      ${one.applicant}, 'applying', ${JSON.stringify(one.contents)}::jsonb, ${one.at}, ${one.at}, ${one.at})
    on conflict (corp_id, dev_id, request_id) do nothing returning id`.execute(tx)
  return rows[0]?.id
}

/** Inserts one that WeCom told of; undefined where another transaction has done so. */
export async function insertHeard(
  tx: Db,
  one: Pick<ApprovalRow, 'corpId' | 'flow' | 'templateId' | 'name' | 'applicant'> & { no: string; at: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into approval (corp_id, flow, no, template_id, name, applicant, state, created_at, since, changed_at)
    values (${one.corpId}, ${one.flow}, ${one.no}, ${one.templateId}, ${one.name}, ${one.applicant}, 'known', ${one.at}, ${one.at},
      ${one.at})
    on conflict (corp_id, flow, no) do nothing returning id`.execute(tx)
  return rows[0]?.id
}

export async function putState(
  tx: Db,
  { corpId, id }: ApprovalKey,
  change: { state: ApprovalRow['state']; no?: string },
  at: Date,
): Promise<void> {
  await tx
    .updateTable('approval')
    .set({ ...change, changed_at: at })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** Makes a row that WeCom told of before its answer came that of the submission. */
export async function putOwner(
  tx: Db,
  { corpId, id }: ApprovalKey,
  { devId, requestId, requestHash }: Pick<ApprovalRow, 'devId' | 'requestId' | 'requestHash'>,
): Promise<void> {
  await tx
    .updateTable('approval')
    .set({ dev_id: devId, request_id: requestId, request_hash: requestHash })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export type ReadState = Pick<
  ApprovalRow,
  | 'name'
  | 'applicant'
  | 'status'
  | 'step'
  | 'holders'
  | 'steps'
  | 'contents'
  | 'told'
  | 'openTodos'
  | 'todoApp'
> & { createdAt: Date; since: Date; at: Date }

/** What was read of it. */
export async function putRead(tx: Db, { corpId, id }: ApprovalKey, read: ReadState): Promise<void> {
  await sql`
    update approval set state = 'known', name = ${read.name}, applicant = ${read.applicant}, status = ${read.status}, step = ${read.step},
      holders = ${[...read.holders]}::text[], steps = ${JSON.stringify(read.steps)}::jsonb,
      contents = ${JSON.stringify(read.contents)}::jsonb, told = ${JSON.stringify(read.told)}::jsonb,
      open_todos = ${[...read.openTodos]}::bigint[], todo_app = ${read.todoApp}, created_at = ${read.createdAt},
      since = ${read.since}, changed_at = ${read.at}
    where corp_id = ${corpId} and id = ${id}`.execute(tx)
}

export async function deleteApproval(tx: Db, { corpId, id }: ApprovalKey): Promise<void> {
  await tx.deleteFrom('approval').where('corp_id', '=', corpId).where('id', '=', id).execute()
}

export type ApprovalFilter = {
  corpId: string
  templateId?: string | undefined
  applicant?: string | undefined
  status?: ApprovalStatus | undefined
  /** Waits for the same people since before that time. */
  stuckSince?: Date | undefined
}

const matching = ({
  corpId,
  templateId,
  applicant,
  status,
  stuckSince,
}: ApprovalFilter) => sql`corp_id = ${corpId}
  ${templateId === undefined ? sql`` : sql`and template_id = ${templateId}`}
  ${applicant === undefined ? sql`` : sql`and lower(applicant) = lower(${applicant})`}
  ${status === undefined ? sql`` : sql`and status = ${status}`}
  ${stuckSince === undefined ? sql`` : sql`and status = 'pending' and since < ${stuckSince}`}`

/** Templates of which all are seen, and whose submissions are seen beside. */
export type ApprovalReader = { templateIds: readonly string[]; devId: string }

/** The latest first; after that id, if one is given. Each part has its index: those of one developer may be few among millions. */
export async function listAfter(
  db: Db,
  filter: ApprovalFilter,
  { templateIds, devId }: ApprovalReader,
  { afterId, limit }: { afterId: number | undefined; limit: number },
): Promise<ApprovalRow[]> {
  const after = afterId === undefined ? sql`` : sql`and id < ${afterId}`
  const { rows } = await sql<{ id: number }>`
    (select id from approval where ${matching(filter)} ${after} and dev_id = ${devId} order by id desc limit ${limit})
    union
    select seen.id from unnest(${[...templateIds]}::text[]) as template cross join lateral (
      select id from approval where ${matching(filter)} ${after} and template_id = template
      order by id desc limit ${limit}) as seen
    order by id desc limit ${limit}`.execute(db)
  const found =
    rows.length === 0
      ? []
      : await findByIds(
          db,
          filter.corpId,
          rows.map(row => row.id),
        )
  return found.sort((a, b) => b.id - a.id)
}

/** A page of them; what waits longest first where only what is stuck is asked for. */
export async function listApprovals(
  db: Db,
  filter: ApprovalFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: ApprovalRow[]; total: number }> {
  const order = filter.stuckSince ? sql`since, id` : sql`id desc`
  const { rows } = await sql<{ id: number }>`
    select id from approval where ${matching(filter)} order by ${order} limit ${limit} offset ${offset}`.execute(
    db,
  )
  const counted = await sql<{ n: number }>`
    select count(*)::int as n from approval where ${matching(filter)}`.execute(db)
  const ids = rows.map(row => row.id)
  const found = new Map(
    (ids.length === 0 ? [] : await findByIds(db, filter.corpId, ids)).map(one => [one.id, one]),
  )
  return { list: ids.flatMap(id => found.get(id) ?? []), total: counted.rows[0]?.n ?? 0 }
}

const pendingOfCorp = 20_000
const longMs = 90 * 86_400_000

/**
 * Those that are looked at again: pending ones, by corp, of what has waited for three months a seventh each day. At most 20,000 of a corp,
 * the latest changed first.
 */
export async function pendingNumbers(
  db: Db,
  at: Date,
): Promise<{ corpId: string; flow: ApprovalFlow; no: string }[]> {
  const long = new Date(at.getTime() - longMs)
  const day = Math.floor(at.getTime() / 86_400_000) % 7
  const { rows } = await sql<{ corpId: string; flow: ApprovalFlow; no: string }>`
    select one.corp_id as "corpId", one.flow, one.no from corp cross join lateral (
      select corp_id, flow, no, since from approval where approval.corp_id = corp.corp_id and status = 'pending' and no is not null
        and (since > ${long} or id % 7 = ${day}) order by since desc limit ${pendingOfCorp}) as one
    order by one.corp_id, one.since`.execute(db)
  return rows
}

/** Submissions that were not found, made since that time. */
export async function unknownSince(db: Db, since: Date): Promise<ApprovalKey[]> {
  const { rows } = await sql<ApprovalKey>`
    select corp_id as "corpId", id from approval where state = 'unknown' and created_at > ${since}
    order by corp_id, id`.execute(db)
  return rows
}

/** Of each corp how many wait in one step since before that time, and the one that waits longest. */
export async function stuckByCorp(
  db: Db,
  before: Date,
): Promise<{ corpId: string; count: number; since: Date; name: string; holders: string[] }[]> {
  const { rows } = await sql<{ corpId: string; count: number; since: Date; name: string; holders: string[] }>`
    select distinct on (corp_id) corp_id as "corpId", count(*) over (partition by corp_id)::int as count, since, name, holders
    from approval where status = 'pending' and since < ${before} order by corp_id, since, id`.execute(db)
  return rows
}

/** Those of a template that wait, when it is not followed any more. */
export async function pendingOf(db: Db, corpId: string, templateId: string): Promise<ApprovalRow[]> {
  return rowsIn(db, corpId).where('template_id', '=', templateId).where('status', '=', 'pending').execute()
}

export async function pruneApprovals(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'approval', sql`changed_at < ${before}`, atMost)
}
