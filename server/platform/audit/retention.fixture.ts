import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  audit: {
    kept: 400,
    marked: 'target',
    put: (days, mark) =>
      put(sql`insert into audit (actor, act, target, at) values ('a', 'test', ${mark}, ${ago(days)})`),
  },
})
