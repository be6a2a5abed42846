import { sql } from 'kysely'
import { ago, type RetentionCases } from '../../../../test/retention-case.ts'
import { accountPut } from '../retention.fixture.ts'

export const retentionCases: RetentionCases = world => {
  const putOfAccount = accountPut(world)
  const { corpId } = world
  return {
    official_mass: {
      kept: 400,
      marked: 'id',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_mass (corp_id, original_id, id, audience, content, receivers, state, due_at,
          actor, created_at)
        values (${corpId()}, 'gh_old', ${mark}, '{}', '{}', 2, 'done', ${ago(days)}, 'a', ${ago(days)})`),
    },
    official_mass_result: {
      kept: 400,
      marked: 'msg_id',
      put: (days, mark) =>
        putOfAccount(sql`insert into official_mass_result (corp_id, original_id, msg_id, status, at)
        values (${corpId()}, 'gh_old', ${mark}, 'sendsuccess', ${ago(days)})`),
    },
  }
}
