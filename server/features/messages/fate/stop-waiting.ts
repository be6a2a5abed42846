import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey } from '../../channels/part.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import { takeSteps } from '../plans/fallback-store.ts'
import {
  cancelledOf,
  cutOff,
  dividedAmong,
  endPlans,
  isOpen,
  isWhole,
  lockPlan,
  putCancelled,
  putSteps,
} from '../plans/plan-store.ts'
import { dropEmptyDigests, takeOfMessage } from '../plans/waiting-store.ts'
import { tellResults } from './results-store.ts'

/** Why a message, or what it still holds, does not leave; `recalled` as when its parts are recalled. */
export type StopReason = WaitingReason | { readonly code: 'recalled' }

/** Of these persons alone, or of all who wait. */
type StopScope = { userIds?: readonly string[] | undefined; receivers: number }

/**
 * Cancels what of a message waits for its time, whole or person by person, in the transaction that decides so. Returns how many persons
 * do not get it, or not by one more channel, by that; 0 where nothing waits any more.
 */
export async function stopWaiting(
  tx: Db,
  message: MessageKey,
  reason: StopReason,
  { userIds, receivers }: StopScope,
  at: Date,
): Promise<number> {
  const plan = await lockPlan(tx, message)
  if (!plan || !isOpen(plan)) return 0
  const { corpId, id } = message
  const kept = keptReason(reason)
  if (isWhole(plan)) {
    const before = await cancelledOf(tx, message)
    if (userIds !== undefined) {
      // Who they are of all its receivers is decided again when it is due, without these.
      const divided = await dividedAmong(tx, message, plan, userIds)
      const more = userIds.filter(userId => !before.has(userId) && !divided.has(userId))
      const persons = more.map(userId => ({ messageId: id, userId, reason: kept }))
      await putCancelled(tx, corpId, persons, at)
      if (plan.dividedTo === null) return more.length
      return more.length + (await takePersons(tx, message, { reason, userIds }, at))
    }
    if (plan.dividedTo !== null) {
      await takePersons(tx, message, { reason }, at)
      await cutOff(tx, message)
    }
    await endTold(tx, corpId, [id], { at, reason: kept })
    return Math.max(0, receivers - before.size)
  }
  const count = await takePersons(tx, message, { reason, userIds }, at)
  await endTold(tx, corpId, [id], { at, reason: kept })
  return count
}

/** Cancels persons who wait. Returns how many did. */
async function takePersons(
  tx: Db,
  message: MessageKey,
  { reason, userIds }: { reason: StopReason; userIds?: readonly string[] | undefined },
  at: Date,
): Promise<number> {
  const { corpId, id } = message
  const kept = keptReason(reason)
  const rows = await takeOfMessage(tx, message, userIds)
  await putCancelled(
    tx,
    corpId,
    rows.map(({ userId }) => ({ messageId: id, userId, reason: kept })),
    at,
  )
  // What has left stays; nothing more is tried.
  const tried = await takeSteps(tx, message, userIds)
  const steps = [...rows.map(row => row.memberId), ...tried].map(memberId => ({
    messageId: id,
    memberId,
    what: 'cancel' as const,
    channel: null,
    cause: reason,
    until: null,
  }))
  await putSteps(tx, corpId, steps, at)
  await dropEmptyDigests(tx, corpId, [...new Set(rows.flatMap(row => row.digestId ?? []))])
  return rows.length + tried.length
}

/** Ends the messages of which nobody waits any more. Their developers are told, unless parts are still to be sent, the last of which tells them. */
export async function endTold(
  tx: Db,
  corpId: string,
  ids: readonly string[],
  end: { at: Date; reason: string | null },
): Promise<void> {
  const ended = await endPlans(tx, corpId, ids, end)
  await tellResults(
    tx,
    ended.map(id => ({ corpId, id })),
    end.at,
  )
}
