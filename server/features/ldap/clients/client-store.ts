import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { Tables } from '../../../platform/storage/tables.ts'
import type { LdapClient, LdapField } from '../tree/client.ts'

const toClient = (row: Selectable<Tables['ldap_client']>): LdapClient => ({
  appId: row.app_id,
  corpId: row.corp_id,
  name: row.name,
  secretHash: row.secret_hash,
  everyone: row.is_everyone,
  departments: row.departments,
  fields: row.fields as LdapField[],
  memberGroups: row.member_groups,
  card: row.asks_card,
  version: row.version,
  updatedAt: row.updated_at,
  updatedBy: row.updated_by,
})

/** Returns the LDAP clients of one corp, or of all. */
export async function allClients(db: Db, corpId?: string): Promise<LdapClient[]> {
  let query = db.selectFrom('ldap_client').selectAll()
  if (corpId !== undefined) query = query.where('corp_id', '=', corpId)
  return (await query.execute()).map(toClient)
}

export async function lockClient(tx: Db, corpId: string, appId: string): Promise<LdapClient | undefined> {
  const row = await tx
    .selectFrom('ldap_client')
    .selectAll()
    .where('corp_id', '=', corpId)
    .where('app_id', '=', appId)
    .forUpdate()
    .executeTakeFirst()
  return row && toClient(row)
}

/** The app in the corp that has this name for its client. */
export async function appNamed(tx: Db, corpId: string, name: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('ldap_client')
    .select('app_id')
    .where('corp_id', '=', corpId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.app_id
}

/** The apps whose clients find a group of members. */
export async function appsWithGroup(db: Db, corpId: string, groupId: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select app_id as id from ldap_client where corp_id = ${corpId} and ${groupId} = any(member_groups)
    order by name`.execute(db)
  return rows.map(row => row.id)
}

export async function putClient(tx: Db, client: Omit<LdapClient, 'version'>): Promise<void> {
  const values = {
    name: client.name,
    secret_hash: client.secretHash,
    is_everyone: client.everyone,
    departments: [...client.departments],
    fields: [...client.fields],
    member_groups: [...client.memberGroups],
    asks_card: client.card,
    updated_at: client.updatedAt,
    updated_by: client.updatedBy,
  }
  await tx
    .insertInto('ldap_client')
    .values({ corp_id: client.corpId, app_id: client.appId, ...values })
    .onConflict(conflict =>
      conflict
        .columns(['corp_id', 'app_id'])
        .doUpdateSet(({ eb, ref }) => ({ ...values, version: eb(ref('ldap_client.version'), '+', 1) })),
    )
    .execute()
}

export async function deleteClient(tx: Db, corpId: string, appId: string): Promise<void> {
  await tx.deleteFrom('ldap_client').where('corp_id', '=', corpId).where('app_id', '=', appId).execute()
}

/** Takes deleted departments out of all ranges. A client whose range is empty then finds nobody. */
export async function forgetDepartments(tx: Db, corpId: string, ids: readonly number[]): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ldap_client set version = version + 1, departments = array(
      select id from unnest(departments) as id where id <> all(${[...ids]}::bigint[]))
    where corp_id = ${corpId} and departments && ${[...ids]}::bigint[]`.execute(tx)
  return (numAffectedRows ?? 0n) > 0n
}
