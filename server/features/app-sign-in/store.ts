import { type Selectable, sql } from 'kysely'
import type { Db } from '../../platform/storage/db.ts'
import type { Tables } from '../../platform/storage/tables.ts'
import type { AppSignIn, Attribute, CasApp, Claim, Groups, OidcClient, OwnerChange } from './app-sign-in.ts'

const toSignIn = (row: Selectable<Tables['app_sign_in']>): AppSignIn => ({
  appId: row.app_id,
  corpId: row.corp_id,
  kind: row.way,
  relation: row.relation,
  isFramed: row.is_framed,
  leastAcr: row.least_acr,
  userNameField: row.user_name_field as AppSignIn['userNameField'],
  claims: row.claims as Claim[],
  attributes: row.attributes as Attribute[],
  groups: row.groups as Groups,
  oidc: row.oidc as OidcClient | null,
  clientSecret: row.client_secret,
  cas: row.cas as CasApp | null,
  ownerChange: row.owner_change as OwnerChange | null,
  version: row.version,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
})

/** Returns the sign-ins of the apps of one corp, or of all. */
export async function allSignIns(db: Db, corpId?: string): Promise<AppSignIn[]> {
  let query = db.selectFrom('app_sign_in').selectAll()
  if (corpId !== undefined) query = query.where('corp_id', '=', corpId)
  return (await query.execute()).map(toSignIn)
}

export async function lockSignIn(tx: Db, corpId: string, appId: string): Promise<AppSignIn | undefined> {
  const row = await tx
    .selectFrom('app_sign_in')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .forUpdate()
    .executeTakeFirst()
  return row && toSignIn(row)
}

export async function putSignIn(tx: Db, signIn: Omit<AppSignIn, 'version'>): Promise<void> {
  const values = {
    corp_id: signIn.corpId,
    way: signIn.kind,
    relation: signIn.relation,
    is_framed: signIn.isFramed,
    least_acr: signIn.leastAcr,
    user_name_field: signIn.userNameField,
    claims: JSON.stringify(signIn.claims),
    attributes: JSON.stringify(signIn.attributes),
    groups: JSON.stringify(signIn.groups),
    client_id: signIn.oidc?.clientId ?? null,
    client_secret: signIn.clientSecret,
    oidc: signIn.oidc && JSON.stringify(signIn.oidc),
    cas: signIn.cas && JSON.stringify(signIn.cas),
    owner_change: signIn.ownerChange && JSON.stringify(signIn.ownerChange),
    updated_at: signIn.updatedAt,
    updated_by: signIn.updatedBy,
  }
  await tx
    .insertInto('app_sign_in')
    .values({ app_id: signIn.appId, ...values })
    .onConflict(conflict =>
      conflict
        .column('app_id')
        .doUpdateSet(({ eb, ref }) => ({ ...values, version: eb(ref('app_sign_in.version'), '+', 1) })),
    )
    .execute()
}

export async function deleteSignIn(tx: Db, corpId: string, appId: string): Promise<void> {
  await tx.deleteFrom('app_sign_in').where('corp_id', '=', corpId).where('app_id', '=', appId).execute()
}

/** Apps that are told the names of a person's groups of members. */
export async function appsToldOfGroups(db: Db, corpId: string): Promise<{ appId: string; name: string }[]> {
  const { rows } = await sql<{ appId: string; name: string }>`
    select s.app_id as "appId", a.name from app_sign_in s join app a on a.id = s.app_id
    where s.corp_id = ${corpId} and s.groups @> '{"memberGroups": true}' and s.claims @> '[{"name": "groups"}]'
    order by a.name`.execute(db)
  return rows
}

/** What was there is returned. */
export async function clearOwnerChange(
  tx: Db,
  corpId: string,
  appId: string,
): Promise<OwnerChange | undefined> {
  const before = await lockSignIn(tx, corpId, appId)
  if (!before?.ownerChange) return undefined
  await tx
    .updateTable('app_sign_in')
    .set(({ eb, ref }) => ({ owner_change: null, version: eb(ref('version'), '+', 1) }))
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .execute()
  return before.ownerChange
}

export type UnreviewedSignIn = {
  corpId: string
  appId: string
  name: string
  claims: Claim[]
  ownerChange: OwnerChange | null
}

/** Apps of one corp, or of all, whose owners have asked for claims or changed an address. */
export async function unreviewedSignIns(db: Db, corpIds?: readonly string[]): Promise<UnreviewedSignIn[]> {
  const { rows } = await sql<UnreviewedSignIn>`
    select s.corp_id as "corpId", s.app_id as "appId", a.name, s.claims, s.owner_change as "ownerChange"
    from app_sign_in s join app a on a.id = s.app_id
    where (s.owner_change is not null or s.claims @> '[{"approvedAt": ""}]')
      and (${corpIds ?? null}::text[] is null or s.corp_id = any(${corpIds ?? null}))
    order by s.app_id`.execute(db)
  return rows
}

export type CorpAddresses = { corpId: string; issuer: string; casBase: string }

/** Returns the addresses of one corp, or of all. */
export async function allAddresses(db: Db, corpId?: string): Promise<CorpAddresses[]> {
  let query = db.selectFrom('corp_sign_in').select(['corp_id as corpId', 'issuer', 'cas_base as casBase'])
  if (corpId !== undefined) query = query.where('corp_id', '=', corpId)
  return query.execute()
}

/** Keeps what is stored, unless `replaces`. Returns what is stored then. */
export async function putAddress(
  tx: Db,
  corpId: string,
  column: 'issuer' | 'cas_base',
  address: string,
  replaces: boolean,
): Promise<string> {
  await tx
    .insertInto('corp_sign_in')
    .values({ corp_id: corpId, [column]: address })
    .onConflict(conflict =>
      conflict
        .column('corp_id')
        .doUpdateSet({ [column]: address })
        .where(`corp_sign_in.${column}`, replaces ? 'is not' : '=', replaces ? null : ''),
    )
    .execute()
  const row = await tx
    .selectFrom('corp_sign_in')
    .select(column)
    .where('corp_id', '=', corpId)
    .executeTakeFirstOrThrow()
  return row[column] ?? ''
}
