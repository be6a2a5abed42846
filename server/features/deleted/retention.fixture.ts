import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  deleted_object: {
    kept: 30,
    marked: 'id',
    put: (days, mark) =>
      put(sql`insert into deleted_object (corp_id, kind, id, name, deleted_at, deleted_by, rows)
        values (${corpId()}, 'app', ${mark}, 'x', ${ago(days)}, 'x', '')`),
  },
})
