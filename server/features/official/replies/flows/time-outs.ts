import type { Core } from '../../../../platform/core.ts'
import type { ActiveTask, Queue } from '../../../../platform/queue/queue.ts'
import { enqueue, holdLease } from '../../../../platform/queue/queue-store.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import { whyNot } from '../../accounts/abilities.ts'
import type { Account, Accounts } from '../../accounts/accounts.ts'
import { notReadYetMs } from '../../accounts/accounts.ts'
import { putSends } from '../../sends/sends.ts'
import { windowsAndWaiting } from '../../sends/store.ts'
import { leftOf } from '../../sends/windows.ts'
import * as store from '../store.ts'
import { isOver } from './walk.ts'

type Needs = Core & { accounts: Accounts; queue: Queue }

const atOnce = 100
/** After a long standstill the text would surprise people more than it helps them. */
const lateAtMostMs = 3_600_000

/** Looks at `at`, and then whenever somebody's time is up. */
export function askForTimeOuts(tx: Db, { corpId, originalId }: store.OfAccount, at: Date): Promise<void> {
  return enqueue(tx, [{ corpId, stream: 'official-flow', key: originalId }], at)
}

/** Tells followers who have not answered a flow in time, where the flow has a text for that. */
export function handleTimeOuts(ctx: Needs): void {
  ctx.queue.handle({ name: 'official-flow', atOnce: 4, work: held => tellTimeOuts(ctx, held) })
}

async function tellTimeOuts(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: originalId, lease, signal } = held
  const of = { corpId, originalId }
  while (!signal.aborted) {
    const places = await store.timedOutPlaces(ctx.db, of, new Date(ctx.now()), atOnce)
    if (places.length === 0) return store.nextTimeOut(ctx.db, of)
    const account = ctx.accounts.find(originalId)
    if (account?.corpId !== corpId) return new Date(ctx.now() + notReadYetMs)
    for (const place of places)
      await ctx.db.transaction().execute(async tx => {
        await tell(tx, ctx, account, place)
        await holdLease(tx, lease)
      })
  }
  return undefined
}

/** The follower may have answered, begun another flow or left since the place was read. */
async function tell(
  tx: Db,
  ctx: Needs,
  account: Account,
  { openid, flowId, text }: { openid: string; flowId: number; text: string },
): Promise<void> {
  const { corpId, originalId } = account
  const follower = { corpId, originalId, openid }
  await store.lockFollower(tx, follower)
  const place = await store.placeOf(tx, follower)
  const now = ctx.now()
  if (place?.flowId !== flowId || !isOver(place, new Date(now))) return
  await store.deletePlace(tx, follower)
  const end = place.expiresAt
  if (now - end.getTime() > lateAtMostMs || !account.enabled || whyNot(account, 'customMessage')) return
  const { windows, waiting } = await windowsAndWaiting(tx, account, openid)
  if (leftOf(windows, now).messages <= waiting) return
  const originKey = `time-out ${openid} ${end.toISOString()}`
  await putSends(tx, ctx, account, [
    { openid, origin: 'reply', originKey, content: { type: 'text', content: text } },
  ])
}
