import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId, devId }) => ({
  agent_media: {
    kept: 4,
    marked: 'media_id',
    put: (days, mark) =>
      put(
        sql`insert into agent_media values (${corpId()}, ${devId()}, ${mark}, 1000002, 'zhangsan', ${ago(days)})`,
      ),
  },
})
