import type { Core } from '../../../platform/core.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { enqueue, holdLease, type StreamName } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Owner } from '../conversation-owner.ts'
import * as store from '../store.ts'
import { isOver } from './walk.ts'

type Needs = Core & { queue: Queue }

/** `endedAt` is when the time for an answer was up. */
export type TimeOut = { person: string; text: string; endedAt: Date }
type TimeOutTeller = (tx: Db, late: TimeOut) => Promise<void>
/** How an owner's people are told, where that is possible; undefined while this node does not know the owner yet. */
export type TellerOf = (owner: Owner) => TimeOutTeller | undefined

const atOnce = 100
/** After a long standstill the text would surprise people more than it helps them. */
const lateAtMostMs = 3_600_000
const unknownOwnerMs = 1000

/** Looks at `at`, and then whenever somebody's time is up. */
export function askForTimeOuts(
  tx: Db,
  stream: StreamName,
  { corpId, ownerId }: Owner,
  at: Date,
): Promise<void> {
  return enqueue(tx, [{ corpId, stream, key: ownerId }], at)
}

/** Tells people who have not answered a flow in time, where the flow has a text for that. */
export function handleTimeOuts(ctx: Needs, stream: StreamName, tellerOf: TellerOf): void {
  ctx.queue.handle({ name: stream, atOnce: 4, work: held => tellTimeOuts(ctx, held, tellerOf) })
}

async function tellTimeOuts(ctx: Needs, held: ActiveTask, tellerOf: TellerOf): Promise<Date | undefined> {
  const { corpId, key: ownerId, lease, signal } = held
  const owner = { corpId, ownerId }
  while (!signal.aborted) {
    const places = await store.timedOutPlaces(ctx.db, owner, new Date(ctx.now()), atOnce)
    if (places.length === 0) return store.nextTimeOut(ctx.db, owner)
    const tell = tellerOf(owner)
    if (!tell) return new Date(ctx.now() + unknownOwnerMs)
    for (const place of places)
      await ctx.db.transaction().execute(async tx => {
        await endPlace(tx, ctx, { ...owner, ...place }, tell)
        await holdLease(tx, lease)
      })
  }
  return undefined
}

/** The person may have answered, begun another flow or left since the place was read. */
async function endPlace(
  tx: Db,
  ctx: Core,
  { flowId, text, ...who }: store.Person & { flowId: number; text: string },
  tell: TimeOutTeller,
): Promise<void> {
  await store.lockPerson(tx, who)
  const place = await store.placeOf(tx, who)
  const now = ctx.now()
  if (place?.flowId !== flowId || !isOver(place, new Date(now))) return
  await store.deletePlace(tx, who)
  const endedAt = place.expiresAt
  if (now - endedAt.getTime() <= lateAtMostMs) await tell(tx, { person: who.person, text, endedAt })
}
