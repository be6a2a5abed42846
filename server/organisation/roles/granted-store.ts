import { sql } from 'kysely'
import type { GrantKind } from '../../platform/audit/grants.ts'

/** What each of a corp's own roles gives, and where. */
export const ownRoleGrants: GrantKind = {
  name: 'own-role',
  words: { zh: '自定义角色', en: 'own role' },
  acts: ['own-role.add', 'own-role.set', 'own-role.remove'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ id: string; value: unknown[]; until: Date | null }>`
      select id::text as id, until, jsonb_build_array(array(select unnest(points) order by 1), range,
        array(select unnest(departments) order by 1), array(select unnest(app_ids) order by 1),
        array(select unnest(dev_ids) order by 1))
        || case when groups <> '{}' then jsonb_build_array(array(select unnest(groups) order by 1)) else '[]' end as value
      from own_role where corp_id = ${corpId} and (${keys ?? null}::text[] is null or id::text = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(({ id, value, until }) => ({ key: id, target: id, value, until }))
  },
  detail: ([rolePoints, roleRange, departments, roleApps, roleDevelopers, roleGroups = []]) => ({
    ...{ rolePoints, roleRange, departments, roleApps, roleDevelopers, roleGroups },
  }),
}

/** Grants of own roles to their holders. */
export const holderGrants: GrantKind = {
  name: 'own-role-holder',
  words: { zh: '自定义角色的授予', en: 'giving of an own role' },
  acts: ['own-role.give', 'own-role.take'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string; until: Date | null }>`
      select h.role_id || '/' || h.member_id as key, m.user_id as target, h.until
      from own_role_holder h join member m on m.corp_id = h.corp_id and m.id = h.member_id
      where h.corp_id = ${corpId}
        and (${keys ?? null}::text[] is null or h.role_id || '/' || h.member_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, value: [] }))
  },
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from own_role r where r.corp_id = ${corpId} and r.id::text = split_part(key, '/', 1))
        or not exists (select from member m
          where m.corp_id = ${corpId} and m.id::text = split_part(key, '/', 2) and m.left_at is null)`.execute(
      db,
    )
    return rows.map(row => row.key)
  },
}
