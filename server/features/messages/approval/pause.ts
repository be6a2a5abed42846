import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import { checkKnownByAll } from '../../../platform/upkeep/known-by-all.ts'
import { findOfCorp } from '../fate/status.ts'
import { setPaused } from '../plans/held-store.ts'
import { lockPlan } from '../plans/plan-store.ts'

/** The migration with which paused messages came; an older node would let the persons of one leave. */
const pausedSince = '0146-send-approval.sql'

/**
 * Holds what of a message has not left, whole or person by person, until it is resumed. What was handed to its channel goes on. Throws 1000
 * for a message of which nothing waits, 1013 while an older node lives.
 */
export async function pauseMessage(
  ctx: Core & { queue: Queue },
  actor: string,
  corpId: string,
  msgId: string,
): Promise<void> {
  await checkKnownByAll(ctx.db, pausedSince)
  await move(ctx, actor, { corpId, msgId }, true)
}

/** Lets a paused message go on: what was due meanwhile leaves now. Throws 1000 for one that is not paused. */
export async function resumeMessage(
  ctx: Core & { queue: Queue },
  actor: string,
  corpId: string,
  msgId: string,
): Promise<void> {
  await move(ctx, actor, { corpId, msgId }, false)
  ctx.queue.kick(corpId)
}

async function move(
  ctx: Core,
  actor: string,
  { corpId, msgId }: { corpId: string; msgId: string },
  pauses: boolean,
): Promise<void> {
  const message = await findOfCorp(ctx, corpId, msgId)
  await ctx.db.transaction().execute(async tx => {
    const plan = message.children ? await lockPlan(tx, message) : undefined
    const state = plan?.state ?? 'done'
    const isRight = pauses ? state === 'waiting' || state === 'people' : state === 'paused'
    if (!isRight) throw pauses ? nothingToPause() : notPaused()
    await setPaused(tx, { corpId, messageId: msgId }, pauses, new Date(ctx.now()))
    const act = pauses ? 'message.pause' : 'message.resume'
    await record(tx, ctx, { corpId, actor, act, target: msgId, detail: {} })
    await enqueue(tx, [{ corpId, stream: 'message-plans' }], new Date(ctx.now()))
  })
}

function nothingToPause(): ApiError {
  return new ApiError('badParameter', {
    zh: '只有等待发出的消息可以暂停：定时的、逐人决定的；已交给渠道的请撤回',
    en: 'only a message that waits to be sent can be paused (one with a time, or decided person by person): recall what was handed to its channel',
  })
}

function notPaused(): ApiError {
  return new ApiError('badParameter', {
    zh: '这条消息没有暂停，不需要恢复；请刷新',
    en: 'this message is not paused and need not be resumed: reload',
  })
}
