import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import { deleteSome } from '../../../platform/storage/prune.ts'
import type { PruneOrder } from '../../../platform/storage/retention.ts'

export type CompatSecret = {
  corpId: string
  id: string
  devId: string
  /** SHA-256, hex. */
  hash: string
  createdAt: Date
  /** When an access_token was last asked for with it. */
  lastUsedAt: Date | null
  /** The member who made it; null: the system account or the command line. */
  createdBy: number | null
}

/** Secrets that are not revoked, of one corp or of all, oldest first. */
export async function liveSecrets(db: Db, corpId?: string): Promise<CompatSecret[]> {
  return db
    .selectFrom('compat_secret')
    .select([
      'corp_id as corpId',
      'id',
      'dev_id as devId',
      'hash',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
      'created_by as createdBy',
    ])
    .where('revoked_at', 'is', null)
    .$if(corpId !== undefined, only => only.where('corp_id', '=', corpId ?? ''))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function insertSecret(db: Db, secret: Omit<CompatSecret, 'lastUsedAt'>): Promise<void> {
  await db
    .insertInto('compat_secret')
    .values({
      corp_id: secret.corpId,
      id: secret.id,
      dev_id: secret.devId,
      hash: secret.hash,
      created_at: secret.createdAt,
      created_by: secret.createdBy,
      last_used_at: null,
      token_until: null,
      revoked_at: null,
    })
    .execute()
}

export async function revokeSecrets(db: Db, corpId: string, ids: readonly string[], at: Date): Promise<void> {
  await db
    .updateTable('compat_secret')
    .set({ revoked_at: at })
    .where('corp_id', '=', corpId)
    .where('id', 'in', ids)
    .where('revoked_at', 'is', null)
    .execute()
}

/** The ids of a developer's secrets that are not revoked, oldest first, after its row was locked. */
export async function lockSecrets(tx: Db, corpId: string, devId: string): Promise<string[]> {
  await sql`select from developer where dev_id = ${devId} for no key update`.execute(tx)
  return (await liveSecrets(tx, corpId)).flatMap(one => (one.devId === devId ? one.id : []))
}

/**
 * The end of the secret's access_token, the same on all nodes: a new one only when that of before ends by `renewBy`. Undefined for a secret
 * that was revoked.
 */
export async function holdToken(
  db: Db,
  { corpId, id }: Pick<CompatSecret, 'corpId' | 'id'>,
  times: { now: Date; renewBy: Date; until: Date },
): Promise<Date | undefined> {
  const row = await db
    .updateTable('compat_secret')
    .set({
      last_used_at: times.now,
      token_until: sql<Date>`case when token_until > ${times.renewBy} then token_until else ${times.until}::timestamptz end`,
    })
    .where('corp_id', '=', corpId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('token_until as until')
    .executeTakeFirst()
  return row?.until ?? undefined
}

export async function pruneSecrets(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'compat_secret', sql`revoked_at < ${before}`, atMost)
}
