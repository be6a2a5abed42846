import { sql } from 'kysely'
import type { GrantKind } from '../../../platform/audit/grants.ts'

/** What has been approved that each app may be told of the people who sign in there, and where they are sent with it. */
export const signInGrants: GrantKind = {
  name: 'app-sign-in',
  words: { zh: '应用获取信息的批准', en: 'approval of what an app is told' },
  acts: ['app.sign-in.set'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; value: unknown[] }>`
      select app_id as key, jsonb_build_array(way, relation, least_acr, claims, attributes, groups, oidc -> 'redirectUris', cas -> 'services')
        as value
      from app_sign_in where corp_id = ${corpId} and (${keys ?? null}::text[] is null or app_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, target: row.key, until: null }))
  },
  detail: ([way, relation, leastAcr, claims, attributes, groups, redirectUris, services]) => ({
    ...{ way, relation, leastAcr, claims, attributes, groups, redirectUris, services },
  }),
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from app a where a.corp_id = ${corpId} and a.id = key)`.execute(db)
    return rows.map(row => row.key)
  },
}
