import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  ticket: {
    kept: 7,
    marked: 'id',
    async put(days, mark) {
      await put(sql`insert into app (id, corp_id, name, created_at)
        values ('an app', ${corpId()}, 'x', ${ago(days)}) on conflict do nothing`)
      await put(sql`insert into ticket (id, corp_id, app_id, created_at, expires_at)
        values (${mark}, ${corpId()}, 'an app', ${ago(days + 1)}, ${ago(days)})`)
    },
  },
})
