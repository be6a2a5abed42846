import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  person_consent: {
    kept: 1100,
    marked: 'subject',
    put: (days, mark) =>
      put(sql`insert into person_consent (corp_id, member_id, purpose, subject, text_hash, said, how, given_at, withdrawn_at)
        values (${corpId()}, 1, 'app', ${mark}, '', '{}', 'page', ${ago(days + 1)}, ${ago(days)})`),
  },
})
