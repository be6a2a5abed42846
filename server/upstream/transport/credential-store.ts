import { sql } from 'kysely'
import { noteAct, signalAct } from '../../platform/queue/needs-signal.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'

export type CredentialKey = {
  corpId: string
  /** Which client the credential belongs to, for example `wecom:contact`. */
  owner: string
  /** For example `access_token`. */
  name: string
}

export async function readCredential(
  db: Db,
  { corpId, owner, name }: CredentialKey,
): Promise<{ token: string; expiresAt: Date } | undefined> {
  const row = await db
    .selectFrom('upstream_credential')
    .select(['token', 'expires_at as expiresAt'])
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.token && row.expiresAt ? { token: row.token, expiresAt: row.expiresAt } : undefined
}

/** Takes the right to fetch a new token, until `until`. Returns false when another turn has it. */
export async function takeLease(
  db: Db,
  { corpId, owner, name }: CredentialKey,
  lease: string,
  now: Date,
  until: Date,
): Promise<boolean> {
  const taken = await sql`
    insert into upstream_credential as c (corp_id, owner, name, refresher, refreshing_until)
    values (${corpId}, ${owner}, ${name}, ${lease}, ${until})
    on conflict (corp_id, owner, name) do update set refresher = excluded.refresher,
      refreshing_until = excluded.refreshing_until
      where c.refreshing_until is null or c.refreshing_until < ${now}
    returning 1`.execute(db)
  return taken.rows.length > 0
}

/** Returns false when another turn took over or the credential was deleted. */
export async function writeCredential(
  db: Db,
  key: CredentialKey,
  lease: string,
  token: string,
  expiresAt: Date,
): Promise<boolean> {
  const { corpId, owner, name } = key
  // What a refusal told administrators is over; who hears of that must find it stored, so it is said in the same statement.
  const { rows } = await sql`
    with held as (
      select corp_id, owner, name, refused from upstream_credential
      where corp_id = ${corpId} and owner = ${owner} and name = ${name} and refresher = ${lease} for update),
    written as (
      update upstream_credential c set token = ${token}, expires_at = ${expiresAt}, refused = null, refused_at = null
      from held where c.corp_id = held.corp_id and c.owner = held.owner and c.name = held.name
      returning held.refused)
    select case when refused is not null then ${noteAct(corpId)} end from written`.execute(db)
  return rows.length > 0
}

export async function endLease(db: Db, key: CredentialKey, lease: string): Promise<void> {
  await withLease(db, key, lease).set({ refresher: null, refreshing_until: null }).execute()
}

function withLease(db: Db, { corpId, owner, name }: CredentialKey, lease: string) {
  return db
    .updateTable('upstream_credential')
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .where('name', '=', name)
    .where('refresher', '=', lease)
}

export async function deleteCredentials(db: Db, corpId: string, owner: string): Promise<void> {
  await db
    .deleteFrom('upstream_credential')
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .execute()
}

/** Notes that the upstream refused the secret itself; the next token that it issues takes this back, or a call that succeeds. */
export async function noteRefused(
  db: Db,
  { corpId, owner, name }: CredentialKey,
  errcode: number,
  at: Date,
): Promise<void> {
  await db
    .updateTable('upstream_credential')
    .set({ refused: errcode, refused_at: at })
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .where('name', '=', name)
    .execute()
}

/** Takes back what `noteRefused` noted of all credentials of the owner. */
export async function noteAccepted(db: Db, corpId: string, owner: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('upstream_credential')
    .set({ refused: null, refused_at: null })
    .where('corp_id', '=', corpId)
    .where('owner', '=', owner)
    .where('refused', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) await signalAct(db, corpId)
}

/** The credentials of these corps, or of all, whose secret was refused when its upstream was last asked. */
export async function refusedCredentials(
  db: Db,
  corpIds?: readonly string[],
): Promise<{ corpId: string; owner: string; errcode: number }[]> {
  const rows = await db
    .selectFrom('upstream_credential')
    .select(['corp_id as corpId', 'owner', 'refused'])
    .$if(corpIds !== undefined, query => query.where(sql<boolean>`corp_id = any(${corpIds})`))
    .where('refused', 'is not', null)
    .execute()
  return rows.map(({ refused, ...row }) => ({ ...row, errcode: refused ?? 0 }))
}

/** Deletes credentials that expired and were not renewed, because nobody asks for them any more. */
export async function pruneCredentials(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  const isOver = sql`coalesce(greatest(expires_at, refreshing_until, refused_at), '-infinity') < ${before}`
  return deleteSome(db, 'upstream_credential', isOver, atMost)
}
