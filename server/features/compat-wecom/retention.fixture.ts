import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId, devId }) => ({
  compat_secret: {
    kept: 400,
    marked: 'hash',
    put: (days, mark) =>
      put(sql`insert into compat_secret (corp_id, id, dev_id, hash, created_at, revoked_at)
        values (${corpId()}, ${mark}, ${devId()}, ${mark}, ${ago(days)}, ${ago(days)})`),
  },
})
