import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  corp_removal: {
    kept: 1095,
    marked: 'name',
    put: (days, mark) =>
      put(sql`
        insert into corp_removal (corp_id, begun_at, name, begun_by, suspended_at, suspended_reason, exported_at,
          export_sha256, ended_at)
        values (${mark}, ${ago(days)}, ${mark}, 'cli', ${ago(days + 7)}, '', ${ago(days)}, '', ${ago(days)})`),
  },
})
