import { sql } from 'kysely'
import { boundGrants, type GrantKind } from '../../platform/audit/grants.ts'
import type { Db } from '../../platform/storage/db.ts'

const rolesActs = ['own-role.add', 'own-role.set', 'own-role.remove', 'group.set'] as const

/** The rules of groups that give roles. Who fulfils one is what the address book says, and no grant. */
export const roleGroupGrants: GrantKind = {
  name: 'role-group',
  words: { zh: '给出角色的人群', en: 'group that gives a role' },
  acts: rolesActs,
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; rule: object | null }>`
      select g.id::text as key, g.rule from member_group g
      where g.corp_id = ${corpId} and exists (select from own_role r where r.corp_id = g.corp_id and g.id = any(r.groups))
        and (${keys ?? null}::text[] is null or g.id::text = any(${keys ?? null}))`.execute(db)
    return rows.map(({ key, rule }) => ({ key, target: key, value: [rule], until: null }))
  },
  detail: ([groupRule]) => ({ groupRule }),
}

/**
 * Members on the lists of such groups; and of groups without a rule all who are in them, whom nothing but the list can have brought there.
 */
export const roleGroupMemberGrants: GrantKind = {
  name: 'role-group-member',
  words: { zh: '给出角色的人群的名单', en: 'list of a group that gives a role' },
  acts: rolesActs,
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string }>`
      select m.group_id || '/' || m.member_id as key, p.user_id as target
      from member_group g
        join member_group_member m on m.corp_id = g.corp_id and m.group_id = g.id
        join member p on p.corp_id = m.corp_id and p.id = m.member_id
      where g.corp_id = ${corpId} and exists (select from own_role r where r.corp_id = g.corp_id and g.id = any(r.groups))
        and (m.is_listed or (g.rule is null and g.scan_after is null and m.is_in))
        and (${keys ?? null}::text[] is null or m.group_id || '/' || m.member_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, value: [], until: null }))
  },
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from own_role r
          where r.corp_id = ${corpId} and split_part(key, '/', 1)::bigint = any(r.groups))
        or not exists (select from member m
          where m.corp_id = ${corpId} and m.id::text = split_part(key, '/', 2) and m.left_at is null)`.execute(
      db,
    )
    return rows.map(row => row.key)
  },
}

/** The keys of `roleGroupMemberGrants` in these groups. */
async function listKeys(db: Db, corpId: string, groupIds: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select group_id || '/' || member_id as key from member_group_member
    where corp_id = ${corpId} and group_id = any(${[...groupIds]}::bigint[]) and is_listed`.execute(db)
  return rows.map(row => row.key)
}

/**
 * What these groups give by roles, for the detail of the act that has just changed that; `left`: members who were on the list of one until
 * then. Nothing for a group that no role names.
 */
export async function boundRoleGroups(
  tx: Db,
  corpId: string,
  groupIds: readonly number[],
  left: readonly number[] = [],
): Promise<string[]> {
  const keys = [
    ...(await listKeys(tx, corpId, groupIds)),
    ...groupIds.flatMap(id => left.map(memberId => `${id}/${memberId}`)),
  ]
  return [
    ...(await boundGrants(tx, roleGroupGrants, corpId, groupIds.map(String))),
    ...(await boundGrants(tx, roleGroupMemberGrants, corpId, keys)),
  ]
}
