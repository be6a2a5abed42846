import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId, devId }) => ({
  group_chat: {
    kept: 30,
    marked: 'id',
    put: (days, mark) =>
      put(sql`insert into group_chat (corp_id, id, dev_id, agent_id, name, state, members, created_at)
        values (${corpId()}, ${mark}, ${devId()}, 1, '群', 'failed', 2, ${ago(days)})`),
  },
})
