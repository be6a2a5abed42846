import { sql } from 'kysely'
import { goneMembers } from '../../organisation/people/granted-store.ts'
import type { GrantKind } from '../../platform/audit/grants.ts'

/** Returns the key of a token among grants: its number and the member who made it, 0 for the system super administrator. */
export const tokenKey = ({ id, memberId }: { id: number; memberId: number | null }): string =>
  `${id}/${memberId ?? 0}`

/** Admin tokens that nobody has ended. The hash is that of the token, so that no other can take its place. */
export const tokenGrants: GrantKind = {
  name: 'admin-token',
  words: { zh: '管理令牌', en: 'admin token' },
  acts: ['admin-token.add', 'admin-token.end'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ id: number; memberId: number | null; value: unknown[]; until: Date }>`
      select id, member_id as "memberId", expires_at as until,
        jsonb_build_array(admin_name, member_id, array(select unnest(scopes) order by 1),
          array(select unnest(addresses) order by 1), hash) as value
      from admin_token where corp_id is not distinct from ${corpId} and revoked_at is null
        and (${keys ?? null}::text[] is null or id || '/' || coalesce(member_id, 0) = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(({ id, memberId, value, until }) => ({
      key: tokenKey({ id, memberId }),
      target: String(id),
      value,
      until,
    }))
  },
  detail: ([, memberId, scopes, allowedIps]) => ({ memberId, scopes, allowedIps }),
  async gone(db, corpId, keys) {
    const maker = (key: string) => Number(key.split('/')[1])
    const gone = new Set(await goneMembers(db, corpId, keys.map(maker).filter(Boolean)))
    return keys.filter(key => gone.has(maker(key)))
  },
}
