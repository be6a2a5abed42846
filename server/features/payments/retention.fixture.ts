import { type RawBuilder, sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  /** Puts a row of a merchant, which is connected first. */
  const putOfMerchant = async (row: RawBuilder<unknown>) => {
    await put(sql`insert into pay_merchant (corp_id, mch_id, name, app_ids, serial_no, private_key, api_v3_key,
        created_at, updated_at)
      values (${corpId()}, '1900000000', 'x', '{}', '', 'x', '', now(), now()) on conflict do nothing`)
    await put(row)
  }
  return {
    pay_bill: {
      kept: 3650,
      marked: 'bill_no',
      put: (days, mark) =>
        put(sql`insert into pay_bill (corp_id, bill_no, content_hash, payer_user_id, payer_name, title, amount, state,
        created_at)
      values (${corpId()}, ${mark}, '', 'a', 'A', 't', 1, 'paid', ${ago(days)})`),
    },
    pay_order: {
      kept: 3650,
      marked: 'out_trade_no',
      put: (days, mark) =>
        putOfMerchant(sql`insert into pay_order (corp_id, mch_id, out_trade_no, product, app_id, description, notify_url, amount, state,
        expires_at, created_at)
      values (${corpId()}, '1900000000', ${mark}, 'native', 'wx', 't', '', 1, 'closed', now(), ${ago(days)})`),
    },
    pay_reconciliation: {
      kept: 3650,
      marked: 'reason',
      put: (days, mark) =>
        putOfMerchant(sql`insert into pay_reconciliation (corp_id, mch_id, day, state, reason, tried_at)
      values (${corpId()}, '1900000000', ${ago(days)}::date, 'done', ${mark}, ${ago(days)})`),
    },
  }
}
