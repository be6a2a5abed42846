import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  oidc_record: {
    kept: 0,
    marked: 'id',
    put: (days, mark) =>
      put(sql`insert into oidc_record (corp_id, kind, id, payload, expires_at)
        values (${corpId()}, 'AccessToken', ${mark}, '{}', ${ago(days)})`),
  },
})
