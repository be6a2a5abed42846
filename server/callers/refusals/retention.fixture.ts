import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  refusal: {
    kept: 400,
    marked: 'number',
    put: (days, mark) =>
      put(sql`insert into refusal (number, at, place, reason, detail, address, user_agent)
        values (${mark}, ${ago(days)}, 'sign-in', 'state', '', '', '')`),
  },
})
