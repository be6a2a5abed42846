import { sql } from 'kysely'
import type { GrantKind } from '../../platform/audit/grants.ts'
import type { HolderRow } from './three-store.ts'

/** That the three are separated, under the key `on`, and who each of them is. */
export const threeGrants: GrantKind = {
  name: 'three',
  words: { zh: '三员', en: 'three administrators' },
  acts: ['three.on', 'three.off', 'three.appoint', 'three.dismiss'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string }>`
      select key, target from (
        select 'on' as key, scope as target from three_scope where scope = ${corpId ?? ''}
        union all
        select role || '/' || coalesce(member_id::text, admin_name), user_id from three_holder
        where ended_at is null and corp_id is not distinct from ${corpId}
      ) g where ${keys ?? null}::text[] is null or key = any(${keys ?? null})`.execute(db)
    return rows.map(row => ({ ...row, value: [], until: null }))
  },
}

export const holderKey = ({
  role,
  memberId,
  adminName,
}: Pick<HolderRow, 'role' | 'memberId' | 'adminName'>) => `${role}/${memberId ?? adminName}`
