import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  node_address: {
    kept: 7,
    marked: 'node',
    put: (days, mark) => put(sql`insert into node_address values (${mark}, '192.0.2.1', ${ago(days)})`),
  },
})
