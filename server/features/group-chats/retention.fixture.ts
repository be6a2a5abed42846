import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  group_chat: {
    kept: 30,
    marked: 'id',
    async put(days, mark) {
      await put(sql`insert into developer (dev_id, corp_id, name, created_at) values ('dev-chat', ${corpId()}, 'chat', now())
        on conflict do nothing`)
      await put(sql`insert into group_chat (corp_id, id, dev_id, agent_id, name, state, members, created_at)
        values (${corpId()}, ${mark}, 'dev-chat', 1, '群', 'failed', 2, ${ago(days)})`)
    },
  },
})
