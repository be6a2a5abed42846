import { type RawBuilder, sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId, devId }) => {
  const putOfAgent = async (row: RawBuilder<unknown>) => {
    await put(
      sql`insert into agent (corp_id, agent_id, secret, uses) values (${corpId()}, 77, '', '{}') on conflict do nothing`,
    )
    await put(row)
  }
  return {
    agent_media: {
      kept: 4,
      marked: 'media_id',
      put: (days, mark) =>
        put(
          sql`insert into agent_media values (${corpId()}, ${devId()}, ${mark}, 1000002, 'zhangsan', ${ago(days)})`,
        ),
    },
    agent_upload: {
      kept: 1,
      marked: 'media_id',
      put: (days, mark) =>
        put(sql`insert into agent_upload values (${corpId()}, ${mark}, 'image', ${mark}, ${ago(days)})`),
    },
    agent_send: {
      kept: 90,
      marked: 'origin_key',
      put: (days, mark) =>
        putOfAgent(sql`insert into agent_send (corp_id, agent_id, user_id, origin_key, content, state, created_at, due_at)
        values (${corpId()}, 77, 'x', ${mark}, '{}', 'sent', ${ago(days)}, now())`),
    },
  }
}
