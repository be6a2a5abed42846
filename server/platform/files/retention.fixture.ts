import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  stored_file: {
    kept: 1,
    marked: 'hash',
    put: (days, mark) =>
      put(sql`insert into stored_file values (${corpId()}, ${mark}, 'image/png', '', ${ago(days)})`),
  },
})
