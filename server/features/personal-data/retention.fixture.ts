import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const putRequest = (kind: string, days: number, mark: string) =>
    put(sql`insert into person_request (corp_id, kind, member_id, user_id, name, state, cause, reason, asked_by, asked_at, ended_at)
      values (${corpId()}, ${kind}, 1, '', '', 'done', 'asked', ${mark}, '', ${ago(days + 1)}, ${ago(days)})`)
  const putHold = (days: number, mark: string) =>
    put(sql`insert into person_hold (corp_id, member_id, user_id, name, reason, held_by, held_at, until, ended_at)
      values (${corpId()}, 1, '', '', ${mark}, '', ${ago(days + 2)}, ${ago(days)}, ${ago(days)})`)
  return {
    person_request: { kept: 1100, marked: 'reason', put: (days, mark) => putRequest('erase', days, mark) },
    person_copy_piece: {
      kept: 7,
      marked: 'content',
      async put(days, mark) {
        await putRequest('copy', days, `copy ${mark}`)
        await put(sql`insert into person_copy_piece (corp_id, request_id, n, content)
          select corp_id, id, 0, ${mark} from person_request where reason = ${`copy ${mark}`}`)
      },
    },
    person_hold: { kept: 1100, marked: 'reason', put: putHold },
    person_hold_row: {
      kept: 0,
      marked: 'content',
      async put(days, mark) {
        await putHold(days, `rows ${mark}`)
        await put(sql`insert into person_hold_row (corp_id, hold_id, hash, table_name, content, kept_at)
          select corp_id, id, '', '', ${mark}, now() from person_hold where reason = ${`rows ${mark}`}`)
      },
    },
    person_tombstone: {
      kept: 1100,
      marked: 'key_hash',
      put: (days, mark) =>
        put(sql`insert into person_tombstone (corp_id, member_id, key_hash, erased_at)
          values (${corpId()}, ${mark === 'old' ? 1 : 2}, ${mark}, ${ago(days)})`),
    },
  }
}
