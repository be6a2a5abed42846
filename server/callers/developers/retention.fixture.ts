import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId, devId }) => ({
  developer_secret: {
    kept: 400,
    marked: 'hash',
    put: (days, mark) =>
      put(sql`insert into developer_secret (dev_id, hash, created_at, revoked_at)
        values (${devId()}, ${mark}, ${ago(days)}, ${ago(days)})`),
  },
  developer_usage: {
    kept: 400,
    marked: 'endpoint',
    put: (days, mark) =>
      put(sql`insert into developer_usage (dev_id, day, endpoint, calls, failures)
        values (${devId()}, ${ago(days).toISOString().slice(0, 10)}::date, ${mark}, 1, 0)`),
  },
  corp_call_day: {
    kept: 400,
    marked: 'calls',
    put: (days, mark) =>
      put(sql`insert into corp_call_day (corp_id, day, calls, failures)
        values (${corpId()}, ${ago(days).toISOString().slice(0, 10)}::date, ${mark === 'old' ? 1 : 2}, 0)`),
  },
  scope_request: {
    kept: 400,
    marked: 'reason',
    put: (days, mark) =>
      put(sql`insert into scope_request (corp_id, dev_id, member_id, scopes, reason, asked_at, state, decided_at)
        select corp_id, ${devId()}, id, '{}', ${mark}, ${ago(days)}, 'refused', ${ago(days)}
        from member where corp_id = ${corpId()} limit 1`),
  },
})
