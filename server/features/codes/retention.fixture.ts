import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  developer_code: {
    kept: 1,
    marked: 'id',
    async put(days, mark) {
      await put(sql`insert into developer_code (corp_id, id, dev_id, request, signature, channel, made_at, expires_at)
        select ${corpId()}, ${mark}, dev_id, '', '', 'sms', ${ago(days)}, ${ago(days)} from developer
        where corp_id = ${corpId()} limit 1`)
    },
  },
})
