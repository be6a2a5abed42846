import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  cas_ticket: {
    kept: 1,
    marked: 'id',
    put: async (days, mark) => {
      await put(sql`insert into app (id, corp_id, name, created_at) values ('kept', ${corpId()}, 'a', now())
        on conflict (id) do nothing`)
      return put(sql`insert into cas_ticket (corp_id, id, app_id, member_id, session_id, service, logout_uri, is_new, auth_at, ends_at)
        values (${corpId()}, ${mark}, 'kept', 1, 's', '', '', false, ${ago(days)}, ${ago(days)})`)
    },
  },
})
