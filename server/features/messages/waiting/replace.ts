import type { Audience } from '../../../organisation/directory/read/audience.ts'
import type { Core } from '../../../platform/core.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { MessageKey } from '../../channels/part.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import { stopUntold } from '../fate/stop-waiting.ts'
import { findMessages } from '../parts/store.ts'
import { type AboutKey, cancelPartsTo, messagesOfAbout, stopExpanding } from '../plans/about-store.ts'
import { findPlans, isOpen, isWhole, lockPlans } from '../plans/plan-store.ts'
import { lockDigestsOf } from '../plans/waiting-store.ts'
import { Again } from './again.ts'
import { openCall, type WaitingNeeds } from './open-call.ts'

/** Earlier messages of one about that a later one looks at beside those that wait: what is on its way is among the newest. */
const lookedAtMost = 200

/** The receivers of the calls of an about that wait as a whole, by message; undefined: nobody knows whom they reach any more. */
export type Earlier = Map<string, Audience | undefined>

/** Reads them before the transaction that replaces them. The corp's address book is in memory. */
export async function readEarlier(ctx: WaitingNeeds, key: AboutKey): Promise<Earlier> {
  // Of those that were divided into persons, the persons are known.
  const ids = await messagesOfAbout(ctx.db, key, lookedAtMost, [])
  const plans = await findPlans(ctx.db, key.corpId, ids)
  const messages = await findMessages(ctx.db, key.corpId, [...plans.keys()])
  const earlier: Earlier = new Map()
  for (const [id, plan] of plans) {
    const message = messages.get(id)
    if (!isWhole(plan) || !message) continue
    const opened = await openCall(ctx, message, plan)
    earlier.set(id, 'audience' in opened ? opened.audience : undefined)
  }
  return earlier
}

const replaced: WaitingReason = { code: 'replaced' }

/**
 * Cancels what of earlier messages with the about has not left, for the persons of a later one. Hold `lockAbout`. Returns the messages of which
 * something became by that: they are told last in the transaction.
 */
export async function replaceEarlier(
  tx: Db,
  ctx: Core,
  key: AboutKey,
  later: Audience,
  earlier: Earlier,
): Promise<MessageKey[]> {
  const { corpId } = key
  const at = new Date(ctx.now())
  const userIds = later.isAll ? undefined : later.members.map(core => core.userId)
  const memberIds = later.isAll ? undefined : later.members.map(core => core.id)
  const ids = await messagesOfAbout(tx, key, lookedAtMost, memberIds)
  // All plans before what belongs to any of them, and before anybody is told.
  await lockPlans(tx, corpId, ids)
  await lockDigestsOf(tx, corpId, ids, userIds)
  const plans = await findPlans(tx, corpId, ids)
  const messages = await findMessages(tx, corpId, ids)
  const changed: MessageKey[] = []
  for (const id of [...ids].sort()) {
    const message = messages.get(id)
    if (!message) continue
    const plan = plans.get(id)
    if (isWhole(plan) && !earlier.has(id)) throw new Again()
    const of = isWhole(plan) ? among(earlier.get(id), userIds) : userIds
    const scope = { userIds: of, receivers: message.receivers }
    if (isOpen(plan)) changed.push(...(await stopUntold(tx, message, replaced, scope, at)).ended)
    const bearers = message.children ?? [id]
    if (userIds === undefined) await stopExpanding(tx, corpId, bearers)
    const parts = await cancelPartsTo(tx, { corpId, ids: bearers, userIds }, keptReason(replaced), at)
    if (parts > 0) changed.push(message)
  }
  return changed
}

/** Which receivers of an earlier call get the later one; undefined: all of them. */
function among(
  earlier: Audience | undefined,
  later: readonly string[] | undefined,
): readonly string[] | undefined {
  if (later === undefined || earlier === undefined) return undefined
  if (earlier.isAll) return later
  const wanted = new Set(later)
  const both = earlier.members.flatMap(core => (wanted.has(core.userId) ? [core.userId] : []))
  return both.length === earlier.members.length ? undefined : both
}
