import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  sms_spent: {
    kept: 400,
    marked: 'dev_id',
    // A month goes as a whole, so that what is old is of one before.
    put: (days, mark) =>
      put(sql`insert into sms_spent (corp_id, month, dev_id)
        values (${corpId()}, ${ago(mark === 'old' ? days + 31 : days)
          .toISOString()
          .slice(0, 7)}, ${mark})`),
  },
})
