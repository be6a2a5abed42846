import { sql } from 'kysely'
import { boundGrants, type GrantKind } from '../../../platform/audit/grants.ts'
import type { Db } from '../../../platform/storage/db.ts'

/** What each developer may call, until when, about whom, and from where. */
export const developerGrants: GrantKind = {
  name: 'developer',
  words: { zh: '开发者的权限', en: 'scopes of a developer' },
  acts: ['developer.add', 'developer.set', 'developer.remove', 'developer.restore', 'developer.grant-scopes'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; value: unknown[] }>`
      select dev_id as key, jsonb_build_array(enabled, array(select unnest(scopes) order by 1), scope_ends, scope_departments, scope_tags,
        allowed_ips, accounts, array(select unnest(upstream_paths) order by 1), refund_limits)
        || case when cardinality(scope_groups) > 0 then jsonb_build_array(jsonb_build_object('groups', scope_groups)) else '[]' end as value
      from developer where corp_id = ${corpId} and (${keys ?? null}::text[] is null or dev_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, target: row.key, until: null }))
  },
  detail([
    enabled,
    scopes,
    scopeEnds,
    scopeDepartments,
    scopeTags,
    allowedIps,
    accounts,
    upstreamPaths,
    refundLimits,
    later,
  ]) {
    const { groups: scopeGroups = [] } = (later ?? {}) as { groups?: unknown[] }
    const isLimited = scopeDepartments !== null || scopeTags !== null
    const within = [scopeDepartments, scopeTags, scopeGroups].flatMap(one => one ?? [])
    // A list that is empty is not told, and no scope at all would read as one of nobody.
    const dataScope = isLimited ? (within.length === 0 ? 'nobody' : '') : 'everybody'
    const given = {
      enabled,
      scopes,
      scopeEnds,
      scopeDepartments,
      scopeTags,
      scopeGroups,
      dataScope,
      allowedIps,
      accounts,
      upstreamPaths,
    }
    return Object.values(refundLimits as object).some(Boolean) ? { ...given, refundLimits } : given
  },
}

/** Members who manage a developer. */
export const ownerGrants: GrantKind = {
  name: 'developer-owner',
  words: { zh: '开发者的负责人', en: 'owner of a developer' },
  acts: ['developer.add', 'developer.set'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string }>`
      select dev_id || '/' || member_id as key, dev_id as target from developer_owner
      where corp_id = ${corpId} and (${keys ?? null}::text[] is null or dev_id || '/' || member_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, value: [], until: null }))
  },
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from developer d where d.corp_id = ${corpId} and d.dev_id = split_part(key, '/', 1))
        or not exists (select from member m
          where m.corp_id = ${corpId} and m.id::text = split_part(key, '/', 2) and m.left_at is null)`.execute(
      db,
    )
    return rows.map(row => row.key)
  },
}

/** The keys of the owners that a developer has. */
export async function ownerKeys(db: Db, corpId: string, devId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('developer_owner')
    .select('member_id')
    .where('corp_id', '=', corpId)
    .where('dev_id', '=', devId)
    .execute()
  return rows.map(row => `${devId}/${row.member_id}`)
}

/** What a developer may do and who owns it, for the detail of an act; `before` are the keys of its owners until then. */
export async function boundDeveloper(
  tx: Db,
  corpId: string,
  devId: string,
  before: readonly string[] = [],
): Promise<string[]> {
  const owners = [...before, ...(await ownerKeys(tx, corpId, devId))]
  return [
    ...(await boundGrants(tx, developerGrants, corpId, [devId])),
    ...(await boundGrants(tx, ownerGrants, corpId, owners)),
  ]
}
