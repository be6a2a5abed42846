import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  people_source_run: {
    kept: 90,
    marked: 'made_by',
    put: (days, mark) =>
      put(sql`with owner as (
          insert into people_source (corp_id, name, kind, settings, changed_at, changed_by)
          values (${corpId()}, ${`人事 ${mark} ${days}`}, 'file', '{}', now(), 'wisp') returning id
        )
        insert into people_source_run (corp_id, source_id, kind, state, version, counts, made_at, made_by, ended_at)
        select ${corpId()}, id, 'write', 'done', 1, '{}', ${ago(days)}, ${mark}, ${ago(days)} from owner`),
  },
})
