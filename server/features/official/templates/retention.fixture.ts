import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../../test/retention-case.ts'
import { accountPut } from '../retention.fixture.ts'

export const retentionCases: RetentionCases = world => {
  const putOfAccount = accountPut(world)
  const { corpId } = world
  return {
    official_template_send: {
      kept: 90,
      marked: 'openid',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_template_send (corp_id, original_id, openid, template_id, kind, origin,
          origin_key, state, created_at, tried_at)
        values (${corpId()}, 'gh_old', ${mark}, 't', 'template', 'api', ${mark}, 'sent', ${ago(days)}, ${ago(days)})`),
    },
    official_template_result: {
      kept: 90,
      marked: 'msg_id',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_template_result (corp_id, original_id, msg_id, openid, status, at)
        values (${corpId()}, 'gh_old', ${mark}, 'o', 'success', ${ago(days)})`),
    },
    official_tick: {
      kept: 400,
      marked: 'openid',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_tick (corp_id, original_id, event_id, n, openid, template_id, is_accepted,
          place, at)
        values (${corpId()}, 'gh_old', ${Math.ceil(days * 10)}, 0, ${mark}, 't', true, 'page', ${ago(days)})`),
    },
  }
}
