import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  upstream_credential: {
    kept: 7,
    marked: 'owner',
    put: (days, mark) =>
      put(sql`insert into upstream_credential values (${corpId()}, ${mark}, 'x', 'x', ${ago(days)})`),
  },
})
