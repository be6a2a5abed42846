import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  attempt_counter: {
    kept: 1,
    marked: 'subject',
    put: (days, mark) => put(sql`insert into attempt_counter values ('', 'test', ${mark}, 1, ${ago(days)})`),
  },
})
