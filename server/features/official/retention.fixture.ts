import { type RawBuilder, sql } from 'kysely'
import { ago, type RetentionCases, type RetentionWorld } from '../../../test/retention-case.ts'

/** Puts a row of an official account, which is bound first. */
export function accountPut({ put, corpId }: RetentionWorld) {
  return async (row: RawBuilder<unknown>): Promise<void> => {
    await put(sql`insert into official_account (corp_id, original_id, name, app_id, secret, kind, verified, mode,
        callback_token, callback_aes_key, secret_at, created_at)
      values (${corpId()}, 'gh_old', '', '', '', 'service', true, 'secure', '', '', now(), now())
      on conflict do nothing`)
    await put(row)
  }
}

export const retentionCases: RetentionCases = world => {
  const putOfAccount = accountPut(world)
  const { corpId } = world
  return {
    official_media: {
      kept: 1,
      marked: 'media_id',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_media (corp_id, original_id, hash, kind, media_id, uploaded_at, expires_at)
        values (${corpId()}, 'gh_old', ${mark}, 'image', ${mark}, now(), ${ago(days)})`),
    },
    official_publish: {
      kept: 400,
      marked: 'publish_id',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_publish (corp_id, original_id, publish_id, status, created_at)
        values (${corpId()}, 'gh_old', ${mark}, 0, ${ago(days)})`),
    },
    official_node: {
      kept: 7,
      marked: 'node_id',
      put: (days, mark) =>
        putOfAccount(
          sql`insert into official_node values (${corpId()}, 'gh_old', ${mark}, 'x', 0, '', '', ${ago(days)})`,
        ),
    },
    official_link_request: {
      kept: 1,
      marked: 'secret_hash',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_link_request (corp_id, original_id, member_id, step, secret_hash, expires_at)
        select ${corpId()}, 'gh_old', id, 'offered', ${mark}, ${ago(days)} from member
        order by id limit 1 offset ${mark === 'old' ? 0 : 1}`),
    },
    official_window: {
      kept: 3,
      marked: 'openid',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_window (corp_id, original_id, openid, opened_by, opened_at)
        values (${corpId()}, 'gh_old', ${mark}, 'message', ${ago(days)})`),
    },
    official_send: {
      kept: 90,
      marked: 'openid',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_send (corp_id, original_id, openid, origin, origin_key, content, state,
          created_at, due_at)
        values (${corpId()}, 'gh_old', ${mark}, 'api', ${mark}, '{}', 'sent', ${ago(days)}, ${ago(days)})`),
    },
    official_talk: {
      kept: 180,
      marked: 'openid',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_talk (corp_id, original_id, openid, is_from_follower, kind, content, at)
        values (${corpId()}, 'gh_old', ${mark}, true, 'text', '{}', ${ago(days)})`),
    },
    official_conversation: {
      kept: 180,
      marked: 'openid',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_conversation (corp_id, original_id, openid, last_at, last_kind,
          last_is_from_follower)
        values (${corpId()}, 'gh_old', ${mark}, ${ago(days)}, 'text', true)`),
    },
  }
}
