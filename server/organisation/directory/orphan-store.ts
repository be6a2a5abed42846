import { type RawBuilder, sql } from 'kysely'

/**
 * Whether the owner of a row is gone: `owner` is a member's id, or `admin:` and the name of a local account. Asked member by member,
 * because the planner would read all of them for a `not exists`.
 */
export function isOrphan(table: 'workbench' | 'announcement_reader' | 'list_view'): RawBuilder<unknown> {
  const [corpId, owner] = [sql.ref(`${table}.corp_id`), sql.ref(`${table}.owner`)]
  return sql`
    (select true from member m where m.corp_id = ${corpId}
      and m.id = case when ${owner} ~ '^\\d{1,18}$' then ${owner}::bigint end limit 1) is null
    and not exists (select 1 from admin_account a where 'admin:' || a.name = ${owner})`
}
