import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId, devId }) => ({
  packet_session: {
    kept: 0,
    marked: 'id',
    put: async (days, mark) => {
      await put(sql`insert into packet_device (corp_id, dev_id, device_id, master_key, registered_at)
        values (${corpId()}, ${devId()}, 'phone', '', now()) on conflict do nothing`)
      await put(sql`insert into packet_session (corp_id, id, dev_id, device_id, suite, nonce, created_at, expires_at)
        values (${corpId()}, ${mark}, ${devId()}, 'phone', 'gcm', gen_random_uuid(), ${ago(days)}, ${ago(days)})`)
    },
  },
  packet_nonce: {
    kept: 1,
    marked: 'owner',
    put: (days, mark) =>
      put(sql`insert into packet_nonce (corp_id, owner, nonce, ends_at)
        values (${corpId()}, ${mark}, gen_random_uuid(), ${ago(days)})`),
  },
})
