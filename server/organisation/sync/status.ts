import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { eventView, inboxState, lastCallbackAt, recentEvents } from '../../platform/inbox/event-store.ts'
import type { Corps } from '../corps/corps.ts'
import { directorySize } from '../corps/size-store.ts'
import { outageShown } from './outage-of-all.ts'
import * as runs from './runs/run-store.ts'

/** Where a corp's mirror stands. */
export async function syncStatus(ctx: Core & { corps: Corps }, corpId: string) {
  const corp = ctx.corps.get(corpId)
  const [{ departments, members, listed, tags, changeSeq }, recent, inbox, lastEventAt, outage] =
    await Promise.all([
      directorySize(ctx.db, corpId),
      runs.recentRuns(ctx.db, corpId, 5),
      inboxState(ctx.db, corpId, 'directory'),
      lastCallbackAt(ctx.db, corpId, 'directory'),
      outageShown(ctx.db, corpId),
    ])
  return {
    corpId,
    regime: corp.regime,
    departments,
    members: listed,
    /** Those who quit the corp at WeCom: they are kept, and listed nowhere. */
    quit: members - listed,
    tags,
    changeSeq,
    callbackVerifiedAt: corp.callbackVerifiedAt,
    lastEventAt: lastEventAt ?? null,
    inbox,
    runs: recent,
    /** Null while WeCom answers. */
    outage: outage ?? null,
  }
}

/** The latest events of a corp, newest first. */
export function listEvents(
  ctx: Core & { corps: Corps },
  corpId: string,
  state: string | undefined,
  limit: number,
) {
  ctx.corps.get(corpId)
  return recentEvents(ctx.db, corpId, 'directory', state, limit)
}

/** One event with its encrypted and decrypted XML. Throws 1000 when there is none. */
export async function describeEvent(ctx: Core & { corps: Corps }, corpId: string, id: number) {
  ctx.corps.get(corpId)
  const event = await eventView(ctx.db, corpId, 'directory', id)
  if (!event)
    throw new ApiError('badParameter', { zh: told`没有事件 ${id}`, en: told`there is no event ${id}` })
  return event
}

/** Throws 1000 when the corp has no such run. */
export async function describeRun(ctx: Core, corpId: string, id: number): Promise<runs.Run> {
  const run = await runs.findRun(ctx.db, corpId, id)
  if (!run)
    throw new ApiError('badParameter', { zh: told`没有同步 ${id}`, en: told`there is no sync run ${id}` })
  return run
}
