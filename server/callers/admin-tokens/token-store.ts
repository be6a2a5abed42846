import { sql } from 'kysely'
import type { AdminScope } from '../../platform/http/admin/admin-scope.ts'
import type { FactorHolder } from '../../platform/manifest/factor-reset.ts'
import type { Db } from '../../platform/storage/db.ts'
import { deleteSome } from '../../platform/storage/prune.ts'
import type { PruneOrder } from '../../platform/storage/retention.ts'
import { factorRequired, hasFactorOf } from '../sessions/session-store.ts'

export type TokenRow = {
  id: number
  /** Null: every corp, and the installation. */
  corpId: string | null
  /** The local account that made it; null: the member did. */
  adminName: string | null
  memberId: number | null
  name: string
  scopes: AdminScope[]
  addresses: string[]
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const columns = [
  'id',
  'corp_id as corpId',
  'admin_token.admin_name as adminName',
  'member_id as memberId',
  'admin_token.name',
  'scopes',
  'addresses',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'last_used_at as lastUsedAt',
  'revoked_at as revokedAt',
] as const

/** The maker must do something first: change their password, or set up the second factor that is required. */
type WithMaker = TokenRow & { mustChange: boolean; mustEnrol: boolean }

export async function tokenByHash(db: Db, hash: string): Promise<WithMaker | undefined> {
  const row = await db
    .selectFrom('admin_token')
    .leftJoin('admin_account', 'admin_account.name', 'admin_token.admin_name')
    .select(columns)
    .select([
      sql<boolean>`coalesce(admin_account.must_change, false)`.as('mustChange'),
      sql<boolean>`${factorRequired} and not ${hasFactorOf('admin_token')}`.as('mustEnrol'),
    ])
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row as WithMaker | undefined
}

export async function insertToken(
  db: Db,
  token: Omit<TokenRow, 'id' | 'lastUsedAt' | 'revokedAt'> & { hash: string },
): Promise<number> {
  const { id } = await db
    .insertInto('admin_token')
    .values({
      corp_id: token.corpId,
      admin_name: token.adminName,
      member_id: token.memberId,
      name: token.name,
      hash: token.hash,
      scopes: token.scopes,
      addresses: token.addresses,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Undefined for a token of every corp, and for none. */
export async function corpOfToken(db: Db, id: number): Promise<string | undefined> {
  const row = await db.selectFrom('admin_token').select('corp_id').where('id', '=', id).executeTakeFirst()
  return row?.corp_id ?? undefined
}

/** Returns a page of the admin tokens of a corp, or of all with undefined, newest first. */
export async function pageTokens(
  db: Db,
  corpId: string | undefined,
  page: { limit: number; offset: number },
): Promise<{ list: TokenRow[]; total: number }> {
  const found = db
    .selectFrom('admin_token')
    .$if(corpId !== undefined, own => own.where('corp_id', '=', corpId ?? ''))
  const [list, { n }] = await Promise.all([
    found.select(columns).orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute(),
    found.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow(),
  ])
  return { list: list as TokenRow[], total: Number(n) }
}

export async function countLiveTokens(db: Db, now: Date): Promise<number> {
  const { n } = await db
    .selectFrom('admin_token')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Locks the making of tokens until the transaction ends, so that calls at the same moment do not exceed the limit. */
export async function lockTokens(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('admin_token'))`.execute(db)
}

/** Returns the token that was ended; undefined when there is none of this corp, or it has been ended. */
export async function endToken(
  db: Db,
  id: number,
  corpId: string | undefined,
  at: Date,
): Promise<EndedToken | undefined> {
  return db
    .updateTable('admin_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .$if(corpId !== undefined, own => own.where('corp_id', '=', corpId ?? ''))
    .returning(['id', 'corp_id as corpId', 'name', 'member_id as memberId'])
    .executeTakeFirst()
}

export type EndedToken = Pick<TokenRow, 'id' | 'corpId' | 'name' | 'memberId'>

/** Ends all live tokens that this account or member made. */
export async function endTokensOf(db: Db, holder: FactorHolder, at: Date): Promise<EndedToken[]> {
  const query = db
    .updateTable('admin_token')
    .set({ revoked_at: at })
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
  const own =
    'adminName' in holder
      ? query.where('admin_name', '=', holder.adminName)
      : query.where('corp_id', '=', holder.corpId).where('member_id', '=', holder.memberId)
  return own.returning(['id', 'corp_id as corpId', 'name', 'member_id as memberId']).execute()
}

/** Live tokens for one corp alone or, with undefined, those that local accounts made. */
function liveIn(db: Db, corpId: string | undefined, at: Date) {
  const query = db
    .selectFrom('admin_token')
    .select('id')
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
  return corpId === undefined
    ? query.where('admin_name', 'is not', null)
    : query.where('corp_id', '=', corpId)
}

export async function countLiveIn(db: Db, corpId: string | undefined, at: Date): Promise<number> {
  return (await liveIn(db, corpId, at).execute()).length
}

export async function endLiveIn(db: Db, corpId: string | undefined, at: Date): Promise<EndedToken[]> {
  return db
    .updateTable('admin_token')
    .set({ revoked_at: at })
    .where('id', 'in', liveIn(db, corpId, at))
    .returning(['id', 'corp_id as corpId', 'name', 'member_id as memberId'])
    .execute()
}

export async function touchToken(db: Db, id: number, at: Date): Promise<void> {
  await db.updateTable('admin_token').set({ last_used_at: at }).where('id', '=', id).execute()
}

export async function pruneTokens(db: Db, { before, atMost }: PruneOrder): Promise<number> {
  return deleteSome(db, 'admin_token', sql`least(expires_at, revoked_at) < ${before}`, atMost)
}
