import { sql } from 'kysely'
import type { GrantKind } from '../../../platform/audit/grants.ts'

/** Grants of official accounts to others than super administrators. */
export const accountMemberGrants: GrantKind = {
  name: 'official',
  words: { zh: '公众号的分配', en: 'giving of an official account' },
  acts: ['official.grant'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string }>`
      select original_id || '/' || member_id as key, original_id as target from official_grant
      where corp_id = ${corpId}
        and (${keys ?? null}::text[] is null or original_id || '/' || member_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, value: [], until: null }))
  },
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from official_account a
          where a.corp_id = ${corpId} and a.original_id = split_part(key, '/', 1))
        or not exists (select from member m
          where m.corp_id = ${corpId} and m.id::text = split_part(key, '/', 2) and m.left_at is null)`.execute(
      db,
    )
    return rows.map(row => row.key)
  },
}
