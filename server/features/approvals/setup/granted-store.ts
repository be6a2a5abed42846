import { sql } from 'kysely'
import type { GrantKind } from '../../../platform/audit/grants.ts'

/** Which developers may submit by a template of approvals, and see what others submitted. */
export const approvalGrants: GrantKind = {
  name: 'approval',
  words: { zh: '审批模板的开发者', en: 'developer of an approval template' },
  acts: ['approval.template'],
  async read(db, corpId, keys) {
    const { rows } = await sql<{ key: string; target: string; value: string[] }>`
      select template_id || '/' || dev_id as key, template_id as target,
        array_remove(array[case when applies then 'applies' end, case when reads then 'reads' end], null) as value
      from approval_grant
      where corp_id = ${corpId} and (${keys ?? null}::text[] is null or template_id || '/' || dev_id = any(${keys ?? null}))`.execute(
      db,
    )
    return rows.map(row => ({ ...row, until: null }))
  },
  async gone(db, corpId, keys) {
    const { rows } = await sql<{ key: string }>`
      select key from unnest(${[...keys]}::text[]) as key
      where not exists (select from approval_template t where t.corp_id = ${corpId} and t.id = split_part(key, '/', 1))
        or not exists (select from developer d where d.corp_id = ${corpId} and d.dev_id = split_part(key, '/', 2))`.execute(
      db,
    )
    return rows.map(row => row.key)
  },
}
