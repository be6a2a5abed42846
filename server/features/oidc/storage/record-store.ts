import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteOldestOfCorps } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type RecordKey = { corpId: string; kind: string; id: string }

export type StoredRecord = RecordKey & {
  payload: Record<string, unknown>
  sealed: string
  grantId: string | null
  userCode: string | null
  expiresAt: Date
}

export type FoundRecord = {
  id: string
  payload: Record<string, unknown>
  sealed: string
  consumedAt: Date | null
}

/** What was consumed stays so. */
export async function putRecord(db: Db, record: StoredRecord): Promise<void> {
  const { corpId, kind, id, payload, sealed, grantId, userCode, expiresAt } = record
  await sql`
    insert into oidc_record (corp_id, kind, id, payload, sealed, grant_id, user_code, expires_at)
    values (${corpId}, ${kind}, ${id}, ${JSON.stringify(payload)}::jsonb, ${sealed}, ${grantId}, ${userCode}, ${expiresAt})
    on conflict (corp_id, kind, id) do update set payload = excluded.payload, sealed = excluded.sealed,
      grant_id = excluded.grant_id, user_code = excluded.user_code, expires_at = excluded.expires_at`.execute(
    db,
  )
}

/**
 * Stores a token that is given for a code or an earlier token, its `source`, which is locked until it is stored: once the grant has ended,
 * so that the source is gone, nothing is stored any more.
 */
export async function putIssued(db: Db, record: StoredRecord, source: RecordKey): Promise<void> {
  const { corpId, kind, id, payload, sealed, grantId, userCode, expiresAt } = record
  await sql`
    with source as (
      select 1 from oidc_record
      where corp_id = ${source.corpId} and kind = ${source.kind} and id = ${source.id} for share)
    insert into oidc_record (corp_id, kind, id, payload, sealed, grant_id, user_code, expires_at)
    select ${corpId}, ${kind}, ${id}, ${JSON.stringify(payload)}::jsonb, ${sealed}, ${grantId}, ${userCode}, ${expiresAt}::timestamptz
    from source`.execute(db)
}

/** Stores what it is now, unless it is gone. */
export async function changeRecord(db: Db, record: StoredRecord): Promise<void> {
  const { corpId, kind, id, payload, sealed, expiresAt } = record
  await sql`
    update oidc_record set payload = ${JSON.stringify(payload)}::jsonb, sealed = ${sealed}, expires_at = ${expiresAt}
    where corp_id = ${corpId} and kind = ${kind} and id = ${id}`.execute(db)
}

/** Stores it only if it is new. Returns whether it was. */
export async function addRecord(db: Db, record: StoredRecord): Promise<boolean> {
  const { corpId, kind, id, payload, sealed, expiresAt } = record
  const { rows } = await sql`
    insert into oidc_record (corp_id, kind, id, payload, sealed, expires_at)
    values (${corpId}, ${kind}, ${id}, ${JSON.stringify(payload)}::jsonb, ${sealed}, ${expiresAt})
    on conflict do nothing returning id`.execute(db)
  return rows.length > 0
}

/** Replaces the payload unless it has `mark`. Returns whether it had not. */
export async function markRecord(db: Db, record: StoredRecord, mark: string): Promise<boolean> {
  const { corpId, kind, id, payload } = record
  const { rows } = await sql`
    update oidc_record set payload = ${JSON.stringify(payload)}::jsonb
    where corp_id = ${corpId} and kind = ${kind} and id = ${id} and not jsonb_exists(payload, ${mark})
    returning id`.execute(db)
  return rows.length > 0
}

const found = sql`id, payload, sealed, consumed_at as "consumedAt"`

export async function findRecord(db: Db, { corpId, kind, id }: RecordKey): Promise<FoundRecord | undefined> {
  const { rows } = await sql<FoundRecord>`
    select ${found} from oidc_record where corp_id = ${corpId} and kind = ${kind} and id = ${id}`.execute(db)
  return rows[0]
}

export async function findByUserCode(
  db: Db,
  corpId: string,
  userCode: string,
): Promise<FoundRecord | undefined> {
  const { rows } = await sql<FoundRecord>`
    select ${found} from oidc_record where corp_id = ${corpId} and user_code = ${userCode}`.execute(db)
  return rows[0]
}

/** Consumes a record. Of any number of callers exactly one gets true. */
export async function consumeRecord(db: Db, { corpId, kind, id }: RecordKey, at: Date): Promise<boolean> {
  const { rows } = await sql`
    update oidc_record set consumed_at = ${at}
    where corp_id = ${corpId} and kind = ${kind} and id = ${id} and consumed_at is null returning id`.execute(
    db,
  )
  return rows.length > 0
}

export async function deleteRecord(db: Db, { corpId, kind, id }: RecordKey): Promise<void> {
  await sql`delete from oidc_record where corp_id = ${corpId} and kind = ${kind} and id = ${id}`.execute(db)
}

/** The grant under which a code or token was given. */
export async function grantOf(db: Db, { corpId, kind, id }: RecordKey): Promise<string | undefined> {
  const { rows } = await sql<{ grantId: string | null }>`
    select grant_id as "grantId" from oidc_record where corp_id = ${corpId} and kind = ${kind} and id = ${id}`.execute(
    db,
  )
  return rows[0]?.grantId ?? undefined
}

/**
 * Deletes all that was given under a grant. The first statement waits for tokens that are being given for what it locks (`putIssued`),
 * so that the second, which looks again, sees them.
 */
export async function deleteOfGrant(db: Db, corpId: string, grantId: string): Promise<void> {
  const isOfGrant = sql`corp_id = ${corpId} and grant_id = ${grantId}`
  await db.transaction().execute(async tx => {
    await sql`select 1 from oidc_record where ${isOfGrant} order by kind, id for update`.execute(tx)
    await sql`delete from oidc_record where ${isOfGrant}`.execute(tx)
  })
}

export async function pruneRecords(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteOldestOfCorps(db, 'oidc_record', sql`old.expires_at < ${before}`, 'expires_at', atMost)
}
