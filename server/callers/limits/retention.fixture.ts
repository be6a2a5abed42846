import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  call_use: {
    kept: 400,
    marked: 'dev_id',
    put: (days, mark) =>
      put(sql`insert into call_use (corp_id, dev_id, day, call_group, used, refused)
        values (${corpId()}, ${mark}, ${ago(days).toISOString().slice(0, 10)}::date, 'read', 1, 0)`),
  },
})
