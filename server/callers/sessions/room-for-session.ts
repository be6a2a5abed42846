import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Protection } from '../protection/protection.ts'
import * as store from './session-store.ts'

const full = new WeakSet<Error>()

/** Whether somebody was refused because they have as many sessions as they may have. */
export const isSessionsFull = (error: unknown): boolean => error instanceof Error && full.has(error)

function sessionsFull(live: number, atMost: number): ApiError {
  const error = new ApiError(
    'forbidden',
    {
      zh: told`您已在 ${own(live)} 处登录，最多 ${own(atMost)} 处；请先在其他设备退出，再重新登录`,
      en: told`you are signed in at ${own(live)} places, and ${own(atMost)} are allowed: sign out on another device, then sign in again`,
    },
    { status: 403 },
  )
  full.add(error)
  return error
}

type Needs = Core & { offered: FeatureOffers; protection: Protection }

/**
 * Makes room for one more session of a person, in the transaction that stores it: ends those that were not used for longest, or throws
 * 1009 (403), as the protection says. Returns the ids of those that it has ended. `isLive` tells sessions that have ended by idleness.
 */
export async function checkRoom(
  ctx: Needs,
  tx: Db,
  holder: store.SessionHolder,
  isLive: (row: store.SessionRow) => boolean,
): Promise<string[]> {
  const { protection } = ctx
  const rules = 'corpId' in holder ? protection.ofCorp(holder.corpId) : protection.ofInstallation()
  const { sessionsAtMost } = rules
  if (sessionsAtMost === 0) return []
  await store.lockSessionsOf(tx, holder)
  const at = new Date(ctx.now())
  const live = (await store.sessionsOf(tx, holder, at)).filter(isLive)
  const over = live.slice(sessionsAtMost - 1).map(({ id }) => id)
  if (over.length === 0) return []
  if (rules.sessionsFull === 'refuse') throw sessionsFull(live.length, sessionsAtMost)
  for (const id of over) {
    await store.endSession(tx, id, at)
    await signal(tx, 'wisp_session', id)
  }
  if ('corpId' in holder) await ctx.offered.endSessions(tx, holder.corpId, over, 'sign-out', at)
  return over
}
