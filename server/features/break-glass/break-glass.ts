/**
 * A command of an emergency that runs without the codes of the three administrators (`wisp … --break-glass --reason TEXT`). It is never
 * refused for want of a network, but it is never silent either: a signed checkpoint of the audit leaves before the first command and after
 * each, all three see it in the console until an auditor closes it, and after an hour commands ask for codes again. It gives no rights, and
 * resets the second factor of one person at most in a day, who then is one of the two that reset the next.
 */

import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkRequired } from '../../platform/http/rules.ts'
import { told } from '../../platform/http/told.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { Words } from '../../platform/words.ts'
import { makeCheckpoint } from '../audit-tree/checkpoints/checkpoint.ts'
import { type CheckpointNeeds, sendCheckpointOf } from '../audit-tree/checkpoints/send.ts'
import { appendWaiting } from '../audit-tree/tree/append.ts'
import * as store from './store.ts'

export const lastsMs = 3_600_000
const reasonAtMost = 500
/** For how long a reset keeps others from following, unless an auditor closes the break-glass: the three have seen it by then. */
const resetAloneMs = 86_400_000

/** Begins one, or goes on with that of the last hour, and records the command. Throws 1000 and 1001 for the reason. */
export async function useBreakGlass(
  ctx: Core,
  corpId: string | undefined,
  { actor, command, reason }: { actor: string; command: string; reason: string },
): Promise<store.BreakGlass> {
  checkRequired(reason, '--reason', reasonAtMost)
  const scope = corpId ?? null
  const now = ctx.now()
  return ctx.db.transaction().execute(async tx => {
    await store.lockBreakGlass(tx)
    const found = await store.openOne(tx, scope, new Date(now))
    const of = { corpId: scope, actor, target: command, detail: { reason: reason.trim() } }
    if (found) {
      await record(tx, ctx, { ...of, act: 'break-glass.use' })
      return found
    }
    // The hour of an earlier one is over, and no node was there to end it.
    await endDue(tx, ctx)
    const made = {
      corpId: scope,
      reason: reason.trim(),
      openedAt: new Date(now),
      endsAt: new Date(now + lastsMs),
    }
    await record(tx, ctx, { ...of, act: 'break-glass.open' })
    if (corpId !== undefined) await checkAlerts(ctx, tx, corpId)
    return store.insertBreakGlass(tx, made)
  })
}

/** Signs what the tree is now, with all that has committed, and sends it on. Returns why it was not sent; undefined when it was. */
export async function checkpointNow(
  ctx: CheckpointNeeds,
  corpId: string | undefined,
): Promise<Words | undefined> {
  const tree = corpId ?? ''
  await appendWaiting(ctx)
  const made = await makeCheckpoint(ctx, tree, 'break-glass')
  return made ? sendCheckpointOf(ctx, tree) : undefined
}

/** Takes the one reset of a second factor. Returns false when it was taken for them before; throws 1009 when it was for somebody else. */
export async function takeReset(ctx: Core, one: store.BreakGlass, of: string): Promise<boolean> {
  if (one.resetOf === of) return false
  const since = new Date(ctx.now() - resetAloneMs)
  if (await store.takeReset(ctx.db, one, of, since)) return true
  throw new ApiError('forbidden', {
    zh: told`应急执行已经重置过一个人的登录凭证，在审计员关闭之前或一天之内不能再重置 ${of}；请由其余两员一起重置`,
    en: told`a break-glass has reset the factor of one person and resets that of ${of} only after a day, or once an auditor has closed it: the other two of the three do it together`,
  })
}

/** For a reset that failed, such as of somebody who is not there. */
export async function giveResetBack(ctx: Core, { id }: store.BreakGlass, of: string): Promise<void> {
  await store.dropReset(ctx.db, id, of)
}

/** Ends those whose hour is over, and says so with a last checkpoint. */
export async function endOver(ctx: CheckpointNeeds): Promise<void> {
  const ended = await ctx.db.transaction().execute(tx => endDue(tx, ctx))
  for (const corpId of new Set(ended.map(one => one.corpId))) await checkpointNow(ctx, corpId ?? undefined)
}

async function endDue(tx: Core['db'], ctx: Pick<Core, 'now'>): Promise<store.BreakGlass[]> {
  const now = new Date(ctx.now())
  const ended = await store.endBreakGlasses(tx, { dueAt: now }, now)
  for (const { corpId, reason } of ended)
    await record(tx, ctx, { corpId, actor: 'wisp', act: 'break-glass.end', target: '', detail: { reason } })
  return ended
}

/** Takes it off the screen, at the auditor's word; commands use it no more. Throws 1000 where there is none. */
export async function closeBreakGlass(
  ctx: Core,
  actor: string,
  { id, corpId }: { id: number; corpId: string | null },
): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.closeBreakGlass(tx, { id, corpId }, { actor, at })))
      throw new ApiError('badParameter', {
        zh: '没有这次应急执行，或已被关闭',
        en: 'there is no such break-glass, or it was closed',
      })
    await store.endBreakGlasses(tx, { id }, at)
    await record(tx, ctx, { corpId, actor, act: 'break-glass.close', target: String(id), detail: {} })
    if (corpId !== null) await checkAlerts(ctx, tx, corpId)
  })
}
