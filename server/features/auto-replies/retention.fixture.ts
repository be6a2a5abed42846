import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../test/retention-case.ts'
import { accountPut } from '../official/retention.fixture.ts'

export const retentionCases: RetentionCases = world => {
  const putOfAccount = accountPut(world)
  const { corpId } = world
  return {
    reply_greeting: {
      kept: 400,
      marked: 'person',
      put: (days, mark) =>
        putOfAccount(sql`insert into reply_greeting (corp_id, original_id, person, greeted_at)
        values (${corpId()}, 'gh_old', ${mark}, ${ago(days)})`),
    },
    official_flow_state: {
      kept: 0,
      marked: 'openid',
      async put(days, mark) {
        await putOfAccount(sql`insert into official_flow overriding system value
        values (${corpId()}, 'gh_old', 1, '', '[]', 1, true, now(), now(), '') on conflict do nothing`)
        await putOfAccount(
          sql`insert into official_flow_state values (${corpId()}, 'gh_old', ${mark}, 1, 'a', 1, ${ago(days)})`,
        )
      },
    },
  }
}
