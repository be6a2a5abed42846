import type { Corps } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { bearersOf, type MessageRow } from '../../channels/part.ts'
import type { WaitingReason } from '../../channels/reason.ts'
import { keptReason } from '../../channels/telling.ts'
import { findMessage, findMessages, markRecalled } from '../parts/store.ts'
import { cancelPartsTo, messagesOfAbout, stopExpanding } from '../plans/about-store.ts'
import * as records from './fate-store.ts'
import { takeOffTexts } from './recall.ts'
import { tellResults } from './results-store.ts'
import { findOwn } from './status.ts'
import { stopWaiting } from './stop-waiting.ts'

/** A message, or those of an about: of this type, or of none. */
export type CancelTarget = { msgId: string | undefined; type: string | undefined; about: string | undefined }

/** Counted are persons while nothing has left for them, and parts since. `left`: what has left and stays. */
export type CancelCounts = { cancelled: number; recalled: number; left: number }

const cancelledByCall: WaitingReason = { code: 'cancelled' }
/** Of one about; what is older has left long ago. */
const messagesAtMost = 100

/**
 * Stops what has not left, and with `recalls` takes back what can be. Throws 1000 for a message that is not this developer's; made again, it
 * changes nothing.
 */
export async function cancel(
  ctx: Core & { corps: Corps },
  developer: Caller,
  target: CancelTarget,
  recalls: boolean,
): Promise<CancelCounts> {
  const sum: CancelCounts = { cancelled: 0, recalled: 0, left: 0 }
  for (const message of await messagesOf(ctx, developer, target)) {
    const by = { actor: `developer:${developer.devId}`, reason: cancelledByCall }
    const done = await cancelOne(ctx, message, by, recalls)
    sum.cancelled += done.cancelled
    sum.recalled += done.recalled
    sum.left += done.left
  }
  return sum
}

async function messagesOf(
  ctx: Core,
  developer: Caller,
  { msgId, type, about }: CancelTarget,
): Promise<MessageRow[]> {
  if (msgId !== undefined && (type !== undefined || about !== undefined))
    throw new ApiError('badParameter', {
      zh: 'msgId 不能与 type、about 一起填',
      en: 'msgId cannot be given together with type and about',
    })
  if (msgId !== undefined) return [await findOwn(ctx, developer, msgId)]
  if (about === undefined)
    throw new ApiError('missingParameter', { zh: 'msgId 或 about', en: 'msgId or about' })
  const { corpId, devId } = developer
  const ids = await messagesOfAbout(ctx.db, { corpId, devId, typeKey: type ?? '', about }, messagesAtMost)
  return [...(await findMessages(ctx.db, corpId, ids)).values()]
}

/** Counted as by `cancel`. `reason` is why what has not left does not. */
export async function cancelOne(
  ctx: Core & { corps: Corps },
  message: MessageRow,
  { actor, reason: why }: { actor: string; reason: WaitingReason },
  recalls: boolean,
): Promise<CancelCounts> {
  const at = new Date(ctx.now())
  const { corpId, id } = message
  const reason = keptReason(why)
  const stopped = await ctx.db
    .transaction()
    .execute(tx => stopWaiting(tx, message, why, { receivers: message.receivers }, at))
  // What left since it was read is among its texts by now.
  const whole = (await findMessage(ctx.db, message)) ?? message
  const ids = bearersOf(whole)
  const parts = await ctx.db.transaction().execute(async tx => {
    await stopExpanding(tx, corpId, ids)
    const count = await cancelPartsTo(tx, { corpId, ids, userIds: undefined }, reason, at)
    if (count > 0) await tellResults(tx, [whole], at)
    const detail = { receivers: stopped + count }
    if (stopped + count > 0)
      await record(tx, ctx, { corpId, actor, act: 'message.cancel', target: id, detail })
    return count
  })
  const recalled = recalls ? await takenBack(ctx, whole, actor) : 0
  const left = (await records.partsOf(ctx.db, whole)).filter(
    part => ['sent', 'unknown', 'sending', 'asking'].includes(part.state) && part.recalledAt === null,
  )
  return { cancelled: stopped + parts, recalled, left: left.length }
}

/** What cannot be taken back is counted as left. */
async function takenBack(ctx: Core & { corps: Corps }, whole: MessageRow, actor: string): Promise<number> {
  try {
    const done = await takeOffTexts(ctx, whole, 0)
    const { corpId, id: target } = whole
    if (done.recalled > 0)
      await ctx.db.transaction().execute(async tx => {
        await markRecalled(tx, whole, new Date(ctx.now()))
        await record(tx, ctx, { corpId, actor, act: 'message.recall', target, detail: done })
      })
    return done.recalled
  } catch (error) {
    if (error instanceof ApiError) return 0
    throw error
  }
}
