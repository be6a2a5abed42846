import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type RequestState = 'asked' | 'granted' | 'refused'

export type RequestRow = {
  id: number
  corpId: string
  devId: string
  memberId: number
  scopes: string[]
  /** Calls of vendors, asked for along with the scopes. */
  upstreamPaths: string[]
  reason: string
  askedAt: Date
  state: RequestState
  decidedAt: Date | null
  /** As in the audit log. */
  decidedBy: string | null
  why: string
  /** When what was granted ends; null: never. */
  until: Date | null
}

const columns = [
  'id',
  'corp_id as corpId',
  'dev_id as devId',
  'member_id as memberId',
  'scopes',
  'upstream_paths as upstreamPaths',
  'reason',
  'asked_at as askedAt',
  'state',
  'decided_at as decidedAt',
  'decided_by as decidedBy',
  'why',
  'until',
] as const

export async function insertRequest(
  tx: Db,
  asked: Pick<
    RequestRow,
    'corpId' | 'devId' | 'memberId' | 'scopes' | 'upstreamPaths' | 'reason' | 'askedAt'
  >,
): Promise<number> {
  const { corpId, devId, memberId, scopes, upstreamPaths, reason, askedAt } = asked
  const { id } = await tx
    .insertInto('scope_request')
    .values({
      corp_id: corpId,
      dev_id: devId,
      member_id: memberId,
      scopes,
      upstream_paths: upstreamPaths,
      reason,
      asked_at: askedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Locks the row until the transaction ends. */
export async function lockRequest(tx: Db, corpId: string, id: number): Promise<RequestRow | undefined> {
  return tx
    .selectFrom('scope_request')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function setDecided(
  tx: Db,
  { corpId, id }: Pick<RequestRow, 'corpId' | 'id'>,
  decided: { state: 'granted' | 'refused'; at: Date; by: string; why: string; until: Date | null },
): Promise<void> {
  const { state, at, by, why, until } = decided
  await tx
    .updateTable('scope_request')
    .set({ state, decided_at: at, decided_by: by, why, until, untold: true })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

/** The scopes that were requested for a developer and are not decided yet. */
export async function openRequests(db: Db, corpId: string, devId: string): Promise<RequestRow[]> {
  return db
    .selectFrom('scope_request')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .where('state', '=', 'asked')
    .orderBy('id')
    .execute()
}

/** A developer's requests, or all of the corp: those that are open first, then the latest. */
export async function requestsOf(
  db: Db,
  corpId: string,
  {
    devId,
    openOnly,
    offset,
    limit,
  }: { devId?: string | undefined; openOnly: boolean; offset: number; limit: number },
): Promise<{ list: RequestRow[]; total: number }> {
  const all = db
    .selectFrom('scope_request')
    .where('corp_id', '=', corpId)
    .$if(devId !== undefined, one => one.where('dev_id', '=', devId ?? ''))
    .$if(openOnly, open => open.where('state', '=', 'asked'))
  const [list, { total }] = await Promise.all([
    all
      .select(columns)
      .orderBy(sql`state = 'asked'`, 'desc')
      .orderBy('id', 'desc')
      .offset(offset)
      .limit(limit)
      .execute(),
    all.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { list, total: Number(total) }
}

/** Requests that are decided, but whose senders have not been told yet. */
export async function untoldRequests(db: Db, corpId: string, atMost: number): Promise<RequestRow[]> {
  return db
    .selectFrom('scope_request')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('untold', '=', true)
    .orderBy('id')
    .limit(atMost)
    .execute()
}

export async function setTold(db: Db, { corpId, id }: Pick<RequestRow, 'corpId' | 'id'>): Promise<void> {
  await db
    .updateTable('scope_request')
    .set({ untold: false })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .execute()
}

export type WaitingRequest = {
  corpId: string
  id: number
  devId: string
  name: string
  by: string
  scopes: string[]
  upstreamPaths: string[]
  askedAt: Date
}

/** Open requests of one corp, or of all, for administrators to hear of. */
export async function waitingRequests(db: Db, corpIds?: readonly string[]): Promise<WaitingRequest[]> {
  const { rows } = await sql<WaitingRequest>`
    select r.corp_id as "corpId", r.id, r.dev_id as "devId", d.name, m.name as by, r.scopes,
      r.upstream_paths as "upstreamPaths", r.asked_at as "askedAt"
    from scope_request r join developer d on d.dev_id = r.dev_id
    join member m on m.corp_id = r.corp_id and m.id = r.member_id
    where r.state = 'asked' and (${corpIds ?? null}::text[] is null or r.corp_id = any(${corpIds ?? null})) order by r.id`.execute(
    db,
  )
  return rows
}

/** Counted from the decision; what nobody decided goes with its developer. */
export async function pruneRequests(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'scope_request', sql`decided_at < ${before}`, atMost)
}
