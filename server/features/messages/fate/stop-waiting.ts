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
import { dropEmptyDigests, lockDigestsOf, takeOfMessage } from '../plans/waiting-store.ts'
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
  scope: StopScope,
  at: Date,
): Promise<number> {
  const { count, ended } = await stopUntold(tx, message, reason, scope, at)
  await tellResults(tx, ended, at)
  return count
}

/** The same of one of several messages, all of whose plans and digests are locked. `ended` are to be told last in the transaction. */
export async function stopUntold(
  tx: Db,
  message: MessageKey,
  reason: StopReason,
  { userIds, receivers }: StopScope,
  at: Date,
): Promise<{ count: number; ended: MessageKey[] }> {
  const plan = await lockPlan(tx, message)
  if (!plan || !isOpen(plan)) return { count: 0, ended: [] }
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
      const taken = plan.dividedTo === null ? 0 : await takePersons(tx, message, { reason, userIds }, at)
      return { count: more.length + taken, ended: [] }
    }
    if (plan.dividedTo !== null) {
      await takePersons(tx, message, { reason }, at)
      await cutOff(tx, message)
    }
    return { count: Math.max(0, receivers - before.size), ended: await end() }
  }
  const count = await takePersons(tx, message, { reason, userIds }, at)
  return { count, ended: await end() }

  async function end(): Promise<MessageKey[]> {
    const ended = await endPlans(tx, corpId, [id], { at, reason: kept })
    return ended.map(one => ({ corpId, id: one }))
  }
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
  await lockDigestsOf(tx, corpId, [id], userIds)
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
