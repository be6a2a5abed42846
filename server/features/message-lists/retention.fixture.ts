import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  message_list: {
    kept: 30,
    marked: 'id',
    async put(days, mark) {
      await put(sql`insert into message_list (corp_id, id, dev_id, variables, rows, made_at, used_at)
        values (${corpId()}, ${mark}, 'operator', '{}', 1, ${ago(400)}, ${ago(days)})`)
    },
  },
})
