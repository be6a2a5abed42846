import { sql } from 'kysely'
import { ago, type RetentionCases, type RetentionWorld } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  ldap_card: {
    kept: 1,
    marked: 'id',
    put: async (days, mark) => {
      await putClient(put, corpId())
      return put(sql`insert into ldap_card (corp_id, app_id, member_id, id, state, changed_at)
        values (${corpId()}, 'ldap', ${Math.round(days * 1000)}, ${mark}, 'used', ${ago(days)})`)
    },
  },
  ldap_password: {
    kept: 400,
    marked: 'id',
    put: async (days, mark) => {
      await putClient(put, corpId())
      return put(sql`insert into ldap_password (corp_id, id, app_id, member_id, hash, made_at, used_at)
        values (${corpId()}, ${mark}, 'ldap', 1, '', ${ago(days + 1)}, ${ago(days)})`)
    },
  },
})

/** The client that the rows are of. */
async function putClient(put: RetentionWorld['put'], corpId: string): Promise<void> {
  await put(sql`insert into app (id, corp_id, name, created_at) values ('ldap', ${corpId}, 'a', now())
    on conflict (id) do nothing`)
  await put(sql`insert into ldap_client (corp_id, app_id, name, secret_hash, is_everyone, departments, fields, asks_card, updated_at, updated_by)
    values (${corpId}, 'ldap', 'a', '', true, '{}', '{}', false, now(), 'test') on conflict do nothing`)
}
