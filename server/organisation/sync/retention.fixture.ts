import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  inbox_event: {
    kept: 30,
    marked: 'dedupe_key',
    put: (days, mark) =>
      put(sql`insert into inbox_event (corp_id, stream, source, kind, entity, dedupe_key, state, received_at, next_attempt_at)
        values (${corpId()}, 'directory', 'callback', 'x', 'other', ${mark}, 'done', ${ago(days)}, ${ago(days)})`),
  },
  missed_push: {
    kept: 3,
    marked: 'account',
    put: (days, mark) =>
      put(sql`insert into missed_push values (${corpId()}, 'agent', ${mark}, 1, ${ago(days)}, ${ago(days)})`),
  },
  sync_run: {
    kept: 30,
    marked: 'requested_by',
    put: (days, mark) =>
      put(sql`insert into sync_run (corp_id, kind, state, requested_by, created_at, updated_at, finished_at)
        values (${corpId()}, 'full', 'done', ${mark}, ${ago(days)}, ${ago(days)}, ${ago(days)})`),
  },
  upstream_outage: {
    kept: 1,
    marked: 'node_id',
    put: (days, mark) =>
      put(sql`insert into upstream_outage values ('wecom', ${mark}, now(), 1, now(), 'x', ${ago(days)})`),
  },
})
