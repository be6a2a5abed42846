import { type RawBuilder, sql } from 'kysely'

const ago = (days: number) => new Date(Date.now() - days * 86_400_000)

/** Cases of retention.test.ts: what official accounts send, and what is said. `put` binds gh_old first. */
export const sentByAccounts = (
  put: (row: RawBuilder<unknown>) => Promise<unknown>,
  corpId: () => string,
) => ({
  official_media: {
    kept: 1,
    marked: 'media_id',
    put: (days: number, mark: string) =>
      put(sql`insert into official_media (corp_id, original_id, hash, kind, media_id, uploaded_at, expires_at)
        values (${corpId()}, 'gh_old', ${mark}, 'image', ${mark}, now(), ${ago(days)})`),
  },
  official_publish: {
    kept: 400,
    marked: 'publish_id',
    put: (days: number, mark: string) =>
      put(sql`insert into official_publish (corp_id, original_id, publish_id, status, created_at)
        values (${corpId()}, 'gh_old', ${mark}, 0, ${ago(days)})`),
  },
  official_mass: {
    kept: 400,
    marked: 'id',
    put: (days: number, mark: string) =>
      put(sql`insert into official_mass (corp_id, original_id, id, audience, content, receivers, state, due_at,
          actor, created_at)
        values (${corpId()}, 'gh_old', ${mark}, '{}', '{}', 2, 'done', ${ago(days)}, 'a', ${ago(days)})`),
  },
  official_mass_result: {
    kept: 400,
    marked: 'msg_id',
    put: (days: number, mark: string) =>
      put(sql`insert into official_mass_result (corp_id, original_id, msg_id, status, at)
        values (${corpId()}, 'gh_old', ${mark}, 'sendsuccess', ${ago(days)})`),
  },
  official_talk: {
    kept: 180,
    marked: 'openid',
    put: (days: number, mark: string) =>
      put(sql`insert into official_talk (corp_id, original_id, openid, is_from_follower, kind, content, at)
        values (${corpId()}, 'gh_old', ${mark}, true, 'text', '{}', ${ago(days)})`),
  },
})

/** Cases about templates, conversations and flows. */
export const toldToAccounts = (
  put: (row: RawBuilder<unknown>) => Promise<unknown>,
  corpId: () => string,
) => ({
  official_template_send: {
    kept: 90,
    marked: 'openid',
    put: (days: number, mark: string) =>
      put(sql`insert into official_template_send (corp_id, original_id, openid, template_id, kind, origin,
          origin_key, state, created_at, tried_at)
        values (${corpId()}, 'gh_old', ${mark}, 't', 'template', 'api', ${mark}, 'sent', ${ago(days)}, ${ago(days)})`),
  },
  official_template_result: {
    kept: 90,
    marked: 'msg_id',
    put: (days: number, mark: string) =>
      put(sql`insert into official_template_result (corp_id, original_id, msg_id, openid, status, at)
        values (${corpId()}, 'gh_old', ${mark}, 'o', 'success', ${ago(days)})`),
  },
  official_tick: {
    kept: 400,
    marked: 'openid',
    put: (days: number, mark: string) =>
      put(sql`insert into official_tick (corp_id, original_id, event_id, n, openid, template_id, is_accepted,
          place, at)
        values (${corpId()}, 'gh_old', ${Math.ceil(days * 10)}, 0, ${mark}, 't', true, 'page', ${ago(days)})`),
  },
  official_conversation: {
    kept: 180,
    marked: 'openid',
    put: (days: number, mark: string) =>
      put(sql`insert into official_conversation (corp_id, original_id, openid, last_at, last_kind,
          last_is_from_follower)
        values (${corpId()}, 'gh_old', ${mark}, ${ago(days)}, 'text', true)`),
  },
  official_window: {
    kept: 3,
    marked: 'openid',
    put: (days: number, mark: string) =>
      put(sql`insert into official_window (corp_id, original_id, openid, opened_by, opened_at)
        values (${corpId()}, 'gh_old', ${mark}, 'message', ${ago(days)})`),
  },
  official_send: {
    kept: 90,
    marked: 'openid',
    put: (days: number, mark: string) =>
      put(sql`insert into official_send (corp_id, original_id, openid, origin, origin_key, content, state,
          created_at, due_at)
        values (${corpId()}, 'gh_old', ${mark}, 'api', ${mark}, '{}', 'sent', ${ago(days)}, ${ago(days)})`),
  },
  official_flow_state: {
    kept: 0,
    marked: 'openid',
    async put(days: number, mark: string) {
      await put(sql`insert into official_flow overriding system value
        values (${corpId()}, 'gh_old', 1, '', '[]', 1, true, now(), now(), '') on conflict do nothing`)
      await put(
        sql`insert into official_flow_state values (${corpId()}, 'gh_old', ${mark}, 1, 'a', 1, ${ago(days)})`,
      )
    },
  },
})

/** Cases about money. */
export const paid = (put: (row: RawBuilder<unknown>) => Promise<unknown>, corpId: () => string) => {
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
      put: (days: number, mark: string) =>
        put(sql`insert into pay_bill (corp_id, bill_no, content_hash, payer_user_id, payer_name, title, amount, state,
          created_at)
        values (${corpId()}, ${mark}, '', 'a', 'A', 't', 1, 'paid', ${ago(days)})`),
    },
    pay_order: {
      kept: 3650,
      marked: 'out_trade_no',
      put: (days: number, mark: string) =>
        putOfMerchant(sql`insert into pay_order (corp_id, mch_id, out_trade_no, product, app_id, description, notify_url, amount, state,
          expires_at, created_at)
        values (${corpId()}, '1900000000', ${mark}, 'native', 'wx', 't', '', 1, 'closed', now(), ${ago(days)})`),
    },
    pay_reconciliation: {
      kept: 3650,
      marked: 'reason',
      put: (days: number, mark: string) =>
        putOfMerchant(sql`insert into pay_reconciliation (corp_id, mch_id, day, state, reason, tried_at)
        values (${corpId()}, '1900000000', ${ago(days)}::date, 'done', ${mark}, ${ago(days)})`),
    },
  }
}

/** Cases about developers, their secrets and what their owners asked for. */
export const ofDevelopers = (
  put: (row: RawBuilder<unknown>) => Promise<unknown>,
  corpId: () => string,
  devId: () => string,
) => ({
  developer_secret: {
    kept: 400,
    marked: 'hash',
    put: (days: number, mark: string) =>
      put(sql`insert into developer_secret (dev_id, hash, created_at, revoked_at)
        values (${devId()}, ${mark}, ${ago(days)}, ${ago(days)})`),
  },
  developer_usage: {
    kept: 400,
    marked: 'endpoint',
    put: (days: number, mark: string) =>
      put(sql`insert into developer_usage (dev_id, day, endpoint, calls, failures)
        values (${devId()}, ${ago(days).toISOString().slice(0, 10)}::date, ${mark}, 1, 0)`),
  },
  scope_request: {
    kept: 400,
    marked: 'reason',
    put: (days: number, mark: string) =>
      put(sql`insert into scope_request (corp_id, dev_id, member_id, scopes, reason, asked_at, state, decided_at)
        select corp_id, ${devId()}, id, '{}', ${mark}, ${ago(days)}, 'refused', ${ago(days)}
        from member where corp_id = ${corpId()} limit 1`),
  },
})

/** Cases of events and webhooks. */
export const told = (put: (row: RawBuilder<unknown>) => Promise<unknown>, corpId: () => string) => {
  const number = (days: number) => Math.ceil(days * 10)
  const putOfWebhook = async (row: RawBuilder<unknown>) => {
    await put(sql`insert into developer (dev_id, corp_id, name, scopes, created_at)
      values ('wd_old', ${corpId()}, 'x', '{}', now()) on conflict do nothing`)
    await put(sql`insert into webhook (corp_id, id, dev_id, url, types, description, secret, seq, created_at)
      values (${corpId()}, 'wh_old', 'wd_old', '', '{}', '', '', 0, now()) on conflict do nothing`)
    await put(row)
  }
  return {
    event: {
      kept: 30,
      marked: 'entity',
      put: (days: number, mark: string) =>
        put(sql`insert into event (corp_id, seq, dev_id, account, type, entity, data, at)
          values (${corpId()}, ${-number(days)}, '', '', 'x', ${mark}, '{}', ${ago(days)})`),
    },
    event_outbox: {
      kept: 30,
      marked: 'entity',
      put: (days: number, mark: string) =>
        put(sql`insert into event_outbox (corp_id, dev_id, account, type, entity, data, at)
          values (${corpId()}, '', '', 'x', ${mark}, '{}', ${ago(days)})`),
    },
    webhook_delivery: {
      kept: 30,
      marked: 'entity',
      put: (days: number, mark: string) =>
        putOfWebhook(sql`insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, created_at, next_at)
          values (${corpId()}, 'wh_old', ${number(days)}, 'x', ${mark}, ${ago(days)}, now())`),
    },
    webhook_attempt: {
      kept: 7,
      marked: 'error',
      async put(days: number, mark: string) {
        const seq = 1_000_000 + number(days)
        await putOfWebhook(sql`insert into webhook_delivery (corp_id, webhook_id, seq, type, entity, created_at, next_at)
          values (${corpId()}, 'wh_old', ${seq}, 'x', 'x', now(), now())`)
        await put(sql`insert into webhook_attempt (corp_id, webhook_id, seq, n, at, ms, error, content)
          values (${corpId()}, 'wh_old', ${seq}, 1, ${ago(days)}, 1, ${mark}, '')`)
      },
    },
  }
}

/** Cases about what developers called. */
export const calledByDevelopers = (
  put: (row: RawBuilder<unknown>) => Promise<unknown>,
  corpId: () => string,
  devId: () => string,
) => ({
  call_log: {
    kept: 7,
    marked: 'request_id',
    put: (days: number, mark: string) =>
      put(sql`insert into call_log (corp_id, request_id, at, dev_id, path, method, code, ms, address, params)
        values (${corpId()}, ${mark}, ${ago(days)}, ${devId()}, '/api/x', 'GET', '0', 1, '', '{}')`),
  },
  call_gap: {
    kept: 7,
    marked: 'dev_id',
    put: (days: number, mark: string) =>
      put(sql`insert into call_gap (corp_id, dev_id, minute, reason, succeeded, failed)
        values (${corpId()}, ${mark}, ${ago(days)}, 'pace', 1, 0)`),
  },
  call_use: {
    kept: 400,
    marked: 'dev_id',
    put: (days: number, mark: string) =>
      put(sql`insert into call_use (corp_id, dev_id, day, call_group, used, refused)
        values (${corpId()}, ${mark}, ${ago(days).toISOString().slice(0, 10)}::date, 'read', 1, 0)`),
  },
})
