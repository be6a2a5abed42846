import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  node: {
    kept: 1,
    marked: 'id',
    put: (days, mark) => put(sql`insert into node values (${mark}, 'host:3000', '0', '{}', ${ago(days)})`),
  },
  node_batch: {
    kept: 1,
    marked: 'node_id',
    put: (days, mark) => put(sql`insert into node_batch values (${mark}, 'limits', 1, ${ago(days)})`),
  },
})
