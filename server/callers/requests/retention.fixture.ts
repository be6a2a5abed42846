import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, putMonth, corpId, devId }) => ({
  call_log: {
    kept: 7,
    marked: 'request_id',
    async put(days, mark) {
      await putMonth('call_log', days)
      await put(sql`insert into call_log (corp_id, request_id, at, dev_id, path, method, code, ms, address, params)
        values (${corpId()}, ${mark}, ${ago(days)}, ${devId()}, '/api/x', 'GET', '0', 1, '', '{}')`)
    },
  },
  data_read: {
    kept: 7,
    marked: 'dev_id',
    put: (days, mark) =>
      put(sql`insert into data_read (corp_id, at, dev_id, path, fields, member_ids)
        values (${corpId()}, ${ago(days)}, ${mark}, '/api/x', '{userName}', '{1}')`),
  },
  people_read: {
    kept: 400,
    marked: 'dev_id',
    put: (days, mark) =>
      put(sql`insert into people_read (corp_id, dev_id, day, path, answers, people)
        values (${corpId()}, ${mark}, ${ago(days)}::date, '/api/x', 1, 1)`),
  },
  call_gap: {
    kept: 7,
    marked: 'dev_id',
    put: (days, mark) =>
      put(sql`insert into call_gap (corp_id, dev_id, minute, reason, succeeded, failed)
        values (${corpId()}, ${mark}, ${ago(days)}, 'pace', 1, 0)`),
  },
})
