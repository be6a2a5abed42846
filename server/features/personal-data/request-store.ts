import { sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import type { Tables } from '../../platform/storage/tables.ts'

type Row = Tables['person_request']

/** What came of it: rows by table, and why it was refused or failed. */
export type Report = { rows?: Record<string, number>; why?: { zh: string; en: string } }

export type PersonRequest = {
  id: number
  kind: Row['kind']
  memberId: number
  /** '' as the name, once the person is erased. */
  userId: string
  name: string
  state: Row['state']
  cause: Row['cause']
  reason: string
  askedBy: string
  askedAt: Date
  endedAt: Date | null
  report: Report
}

const columns = [
  'id',
  'kind',
  'member_id as memberId',
  'user_id as userId',
  'name',
  'state',
  'cause',
  'reason',
  'asked_by as askedBy',
  'asked_at as askedAt',
  'ended_at as endedAt',
  sql<Report>`report`.as('report'),
] as const

export type NewRequest = Omit<PersonRequest, 'id' | 'state' | 'endedAt' | 'report'>

/** The number of the open one where there is one already. */
export async function insertRequest(
  tx: Db,
  corpId: string,
  { kind, memberId, userId, name, cause, reason, askedBy, askedAt }: NewRequest,
): Promise<{ id: number; isNew: boolean }> {
  const row = await tx
    .insertInto('person_request')
    .values({
      corp_id: corpId,
      kind,
      member_id: memberId,
      user_id: userId,
      name,
      state: 'asked',
      cause,
      reason,
      asked_by: askedBy,
      asked_at: askedAt,
      ended_at: null,
    })
    .onConflict(conflict =>
      conflict.columns(['corp_id', 'member_id', 'kind']).where('state', '=', 'asked').doNothing(),
    )
    .returning('id')
    .executeTakeFirst()
  if (row) return { id: Number(row.id), isNew: true }
  const open = await tx
    .selectFrom('person_request')
    .select('id')
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('kind', '=', kind)
    .where('state', '=', 'asked')
    .executeTakeFirstOrThrow()
  return { id: Number(open.id), isNew: false }
}

export async function nextAsked(db: Db, corpId: string): Promise<PersonRequest | undefined> {
  return (
    db
      .selectFrom('person_request')
      .select(columns)
      .where('corp_id', '=', corpId)
      .where('state', '=', 'asked')
      // Copies are waited for.
      .orderBy('kind')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
  )
}

/** The next erasures that are asked for. */
export async function nextErasures(db: Db, corpId: string, atMost: number): Promise<PersonRequest[]> {
  return db
    .selectFrom('person_request')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('state', '=', 'asked')
    .where('kind', '=', 'erase')
    .orderBy('id')
    .limit(atMost)
    .execute()
}

export async function findRequest(db: Db, corpId: string, id: number): Promise<PersonRequest | undefined> {
  return db
    .selectFrom('person_request')
    .select(columns)
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export type RequestFilter = {
  corpId: string
  kind?: Row['kind'] | undefined
  state?: Row['state'] | undefined
  memberId?: number | undefined
}

/** The latest first. */
export async function findRequests(
  db: Db,
  { corpId, kind, state, memberId }: RequestFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ list: PersonRequest[]; total: number }> {
  const found = db
    .selectFrom('person_request')
    .where('corp_id', '=', corpId)
    .$if(kind !== undefined, only => only.where('kind', '=', kind!))
    .$if(state !== undefined, only => only.where('state', '=', state!))
    .$if(memberId !== undefined, only => only.where('member_id', '=', memberId!))
  const [list, counted] = await Promise.all([
    found.select(columns).orderBy('id', 'desc').limit(limit).offset(offset).execute(),
    found.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ])
  return { list, total: Number(counted.n) }
}

/** Adds what one transaction erased, so that nothing is counted twice. */
export async function addErased(
  tx: Db,
  corpId: string,
  id: number,
  table: string,
  rows: number,
): Promise<void> {
  await sql`
    update person_request set report = jsonb_set(jsonb_set('{"rows": {}}'::jsonb || report, array['rows'],
      coalesce(report -> 'rows', '{}')), array['rows', ${table}::text],
      to_jsonb(coalesce((report -> 'rows' ->> ${table}::text)::bigint, 0) + ${rows}::bigint))
    where corp_id = ${corpId} and id = ${id}`.execute(tx)
}

/** Ends it once. `report` is added to what was noted. False when it had ended. */
export async function endRequest(
  tx: Db,
  corpId: string,
  id: number,
  { state, at, report }: { state: 'done' | 'refused' | 'failed'; at: Date; report: Report },
): Promise<boolean> {
  const row = await tx
    .updateTable('person_request')
    .set({ state, ended_at: at, report: sql`report || ${JSON.stringify(report)}::jsonb` })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Takes the person out of all their requests, and ends their copies. */
export async function forgetPerson(tx: Db, corpId: string, memberId: number): Promise<void> {
  await tx
    .deleteFrom('person_request')
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .where('kind', '=', 'copy')
    .execute()
  await tx
    .updateTable('person_request')
    .set({ user_id: '', name: '', asked_by: sql`case when cause = 'own' then '' else asked_by end` })
    .where('corp_id', '=', corpId)
    .where('member_id', '=', memberId)
    .execute()
}

export async function putTombstone(
  tx: Db,
  row: { corpId: string; memberId: number; keyHash: string; at: Date },
): Promise<void> {
  const { corpId: corp_id, memberId: member_id, keyHash: key_hash, at: erased_at } = row
  await tx
    .insertInto('person_tombstone')
    .values({ corp_id, member_id, key_hash, erased_at })
    .onConflict(conflict => conflict.columns(['corp_id', 'member_id']).doUpdateSet({ key_hash, erased_at }))
    .execute()
}

export type Tombstone = { corpId: string; memberId: number; keyHash: string; erasedAt: Date }

/** All of the installation, in pages after the given one. */
export async function tombstones(
  db: Db,
  after: { corpId: string; memberId: number } | undefined,
  limit: number,
): Promise<Tombstone[]> {
  return db
    .selectFrom('person_tombstone')
    .select(['corp_id as corpId', 'member_id as memberId', 'key_hash as keyHash', 'erased_at as erasedAt'])
    .$if(after !== undefined, only =>
      only.where(
        sql<boolean>`(corp_id, member_id) > (${after?.corpId ?? ''}, ${after?.memberId ?? 0}::bigint)`,
      ),
    )
    .orderBy('corp_id')
    .orderBy('member_id')
    .limit(limit)
    .execute()
}

/** Adds tombstones of corps that exist; known ones stay as they are. Returns how many are new. */
export async function addTombstones(tx: Db, rows: readonly Tombstone[]): Promise<number> {
  const done = await sql`
    insert into person_tombstone (corp_id, member_id, key_hash, erased_at)
    select row."corpId", row."memberId", row."keyHash", row."erasedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as row("corpId" text, "memberId" bigint, "keyHash" text, "erasedAt" timestamptz)
      join corp on corp.corp_id = row."corpId"
    on conflict do nothing`.execute(tx)
  return Number(done.numAffectedRows ?? 0)
}

/** Days after leaving; undefined: only when asked for. */
export async function eraseDaysOf(db: Db, corpId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('person_setting')
    .select('erase_days')
    .where('corp_id', '=', corpId)
    .executeTakeFirst()
  return row?.erase_days ?? undefined
}

export async function putEraseDays(tx: Db, corpId: string, days: number | undefined): Promise<void> {
  const erase_days = days ?? null
  await tx
    .insertInto('person_setting')
    .values({ corp_id: corpId, erase_days })
    .onConflict(conflict => conflict.column('corp_id').doUpdateSet({ erase_days }))
    .execute()
}

/** Every corp that erases leavers, or has erased somebody. */
export async function corpsThatErase(db: Db): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select corp_id as "corpId" from person_setting where erase_days is not null
    union select corp_id from person_tombstone order by 1`.execute(db)
  return rows.map(row => row.corpId)
}

export async function pruneCopies(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(
    db,
    'person_copy_piece',
    sql`(corp_id, request_id) in (
    select corp_id, id from person_request where kind = 'copy' and ended_at < ${before})`,
    atMost,
  )
}

export async function pruneRequests(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'person_request', sql`ended_at < ${before}`, atMost)
}

export async function pruneTombstones(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'person_tombstone', sql`erased_at < ${before}`, atMost)
}
