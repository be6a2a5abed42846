import { sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { WireTemplate } from '../../../upstream/official/calls/templates.ts'
import type { AccountKind } from '../accounts/accounts.ts'
import type { FilledField } from './mapping.ts'

/** An account with the template by which the message centre sends; `template` is null for one that WeChat lists no more. */
export type MappedAccount = {
  originalId: string
  name: string
  kind: AccountKind
  verified: boolean
  enabled: boolean
  mapping: { template: WireTemplate | null; fields: FilledField[] } | null
}

/** Returns by corp the accounts in the order in which they were bound, of one corp or of all. */
export async function mappedAccounts(db: Db, corpId?: string): Promise<Map<string, MappedAccount[]>> {
  const { rows } = await sql<MappedAccount & { corpId: string }>`
    select a.corp_id as "corpId", a.original_id as "originalId", a.name, a.kind, a.verified, a.enabled,
      case when m.template_id is not null then jsonb_build_object('fields', m.fields, 'template',
        case when t.template_id is not null then jsonb_build_object('kind', t.kind, 'id', t.template_id, 'title', t.title,
          'content', t.content, 'example', t.example, 'isLongTerm', t.is_long_term, 'choices', t.choices) end) end as mapping
    from official_account a
      left join official_template_mapping m on m.corp_id = a.corp_id and m.original_id = a.original_id
      left join official_template t on t.corp_id = m.corp_id and t.original_id = m.original_id
        and t.template_id = m.template_id
    where ${corpId === undefined ? sql`true` : sql`a.corp_id = ${corpId}`} order by a.created_at`.execute(db)
  return new Map(
    [...Map.groupBy(rows, row => row.corpId)].map(([id, own]) => [
      id,
      own.map(({ corpId: _, ...account }) => account),
    ]),
  )
}
