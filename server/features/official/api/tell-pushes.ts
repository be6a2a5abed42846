import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import { tellDevelopers } from '../../events/outbox-store.ts'
import type { Effect } from '../callback/process-inbound.ts'
import { officialEvents } from './event-types.ts'

/** Tells developers who may use the account. A push that somebody replays is told again, under its old id. */
export function tellPushes(ctx: Core & { developers: Developers }): Effect {
  return async (tx, { corpId, originalId }, pushes) => {
    if (!ctx.developers.listen(corpId)) return
    const events = pushes.map(({ id, push }) => ({
      corpId,
      devId: '',
      account: originalId,
      type: 'official.event',
      scope: officialEvents['official.event'].scope,
      entity: `follower:${originalId}:${push.fromUserName}`,
      data: { id },
    }))
    await tellDevelopers(tx, events, new Date(ctx.now()))
  }
}
