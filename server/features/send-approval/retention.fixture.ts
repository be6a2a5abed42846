import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  sms_spent: {
    kept: 400,
    marked: 'dev_id',
    put: (days, mark) =>
      put(sql`insert into sms_spent (corp_id, month, dev_id)
        values (${corpId()}, ${ago(days).toISOString().slice(0, 7)}, ${mark})`),
  },
})
