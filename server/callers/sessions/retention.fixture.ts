import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  session: {
    kept: 7,
    marked: 'id',
    put: (days, mark) =>
      put(sql`insert into session (id, created_at, seen_at, expires_at)
        values (${mark}, ${ago(days + 1)}, ${ago(days + 1)}, ${ago(days)})`),
  },
})
