import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  admin_token: {
    kept: 400,
    marked: 'hash',
    put: async (days, mark) => {
      await put(sql`insert into admin_account (name, password, must_change, updated_at)
        values ('retention', 'x', false, now()) on conflict do nothing`)
      await put(sql`insert into admin_token (admin_name, name, hash, scopes, addresses, created_at, expires_at)
        values ('retention', 'x', ${mark}, '{}', '{}', ${ago(days + 1)}, ${ago(days)})`)
    },
  },
})
