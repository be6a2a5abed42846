import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, putMonth, corpId }) => {
  const number = (days: number) => Math.ceil(days * 10)
  return {
    event: {
      kept: 30,
      marked: 'entity',
      async put(days, mark) {
        await putMonth('event', days)
        await put(sql`insert into event (corp_id, seq, dev_id, account, type, entity, data, at)
        values (${corpId()}, ${-number(days)}, '', '', 'x', ${mark}, '{}', ${ago(days)})`)
      },
    },
    event_stream: {
      kept: 1,
      marked: 'dev_id',
      put: (days, mark) =>
        put(sql`insert into event_stream (node, dev_id, opened_at) values ('gone', ${mark}, ${ago(days)})`),
    },
    event_outbox: {
      kept: 30,
      marked: 'entity',
      put: (days, mark) =>
        put(sql`insert into event_outbox (corp_id, dev_id, account, type, entity, data, at)
        values (${corpId()}, '', '', 'x', ${mark}, '{}', ${ago(days)})`),
    },
  }
}
