import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put }) => ({
  backup_run: {
    kept: 400,
    marked: 'name',
    put: (days, mark) =>
      put(sql`insert into backup_run (place, address, name, reason, asked_by, state, due_at, ended_at)
        values ('s3', 'x', ${mark}, 'plan', 'wisp', 'removed', ${ago(days)}, ${ago(days)})`),
  },
  backup_trial: {
    kept: 400,
    marked: 'file',
    put: (days, mark) =>
      put(sql`insert into backup_trial (file, asked_by, state, asked_at, ended_at)
        values (${mark}, 'wisp', 'good', ${ago(days)}, ${ago(days)})`),
  },
})
