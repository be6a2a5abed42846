import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => ({
  message_type_version: {
    kept: 400,
    marked: 'made_by',
    async put(days, mark) {
      await put(
        sql`insert into message_type (corp_id, key, created_at) values (${corpId()}, ${mark}, ${ago(days)})`,
      )
      await put(sql`insert into message_type_version (corp_id, key, version, content, made_by, made_at, superseded_at)
        values (${corpId()}, ${mark}, 1, '{}', ${mark}, ${ago(days)}, ${ago(days)})`)
    },
  },
})
