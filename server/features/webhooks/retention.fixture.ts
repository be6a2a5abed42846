import { type RawBuilder, sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'

export const retentionCases: RetentionCases = ({ put, corpId }) => {
  const number = (days: number) => Math.ceil(days * 10)
  /** Puts a row of a webhook, which is made first. */
  const putOfWebhook = async (row: RawBuilder<unknown>) => {
    await put(sql`insert into developer (dev_id, corp_id, name, scopes, created_at)
      values ('wd_old', ${corpId()}, 'x', '{}', now()) on conflict do nothing`)
    await put(sql`insert into webhook (corp_id, id, dev_id, url, types, description, secret, seq, created_at)
      values (${corpId()}, 'wh_old', 'wd_old', '', '{}', '', '', 0, now()) on conflict do nothing`)
    await put(row)
  }
  return {
    webhook_delivery: {
      kept: 30,
      marked: 'entity',
      put: (days, mark) =>
        putOfWebhook(sql`insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, created_at, next_at)
        values (${corpId()}, 'wh_old', ${number(days)}, 'x', ${mark}, ${ago(days)}, now())`),
    },
    webhook_attempt: {
      kept: 7,
      marked: 'error',
      async put(days, mark) {
        const seq = 1_000_000 + number(days)
        await putOfWebhook(sql`insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, created_at, next_at)
        values (${corpId()}, 'wh_old', ${seq}, 'x', 'x', now(), now())`)
        await put(sql`insert into webhook_attempt (corp_id, webhook_id, seq, n, at, ms, error, content)
        values (${corpId()}, 'wh_old', ${seq}, 1, ${ago(days)}, 1, ${mark}, '')`)
      },
    },
  }
}
