import type { Core } from '../core.ts'
import type { ActiveTask, Queue, Stream } from '../queue/queue.ts'
import { holdLease, type Lease, LeaseLost } from '../queue/queue-store.ts'
import type { Db } from '../storage/db.ts'
import type { Words } from '../words.ts'
import { type DueEvent, dueEvents, finishEvents, type InboxStream, nextDueAt } from './event-store.ts'
import { type Failure, type FailureReport, postpone } from './postpone.ts'

/** A stream whose events belong to accounts of a corp. */
export type AccountStream<Account> = {
  name: InboxStream
  /** As for a stream of the queue. */
  goesOn?: Stream['goesOn'] & {}
  /** How many events are read at once. */
  batchEvents: number
  accountOf(held: ActiveTask): Account | undefined
  /** Finishes or postpones the events. */
  work(account: Account, events: DueEvent[], held: ActiveTask): Promise<void>
}

/** Wait when the account was just connected on another node and this node has not read it yet. */
const notReadYetMs = 1000

/** Accounts are tasks of their own in the queue, so that one with much to do keeps no other waiting. */
export function handleAccounts<A>(ctx: Core & { queue: Queue }, stream: AccountStream<A>): void {
  ctx.queue.handle({
    name: stream.name,
    atOnce: 8,
    goesOn: stream.goesOn ?? [],
    work: held => workOnAccount(ctx, held, stream),
  })
}

async function workOnAccount<A>(
  ctx: Core,
  held: ActiveTask,
  stream: AccountStream<A>,
): Promise<Date | undefined> {
  const box = { corpId: held.corpId, stream: stream.name, account: held.key }
  while (!held.signal.aborted) {
    const account = stream.accountOf(held)
    const events = await dueEvents(ctx.db, box, new Date(ctx.now()), stream.batchEvents)
    if (events.length === 0) return nextDueAt(ctx.db, box)
    if (!account) return new Date(ctx.now() + notReadYetMs)
    await stream.work(account, events, held)
  }
  return undefined
}

/**
 * Applies groups of events together. One that cannot be applied must not hold up the others, so they are then tried one by
 * one, and what fails alone is postponed.
 * @param apply does all or nothing
 */
export async function applyGroups<G extends Omit<Failure, 'error'>>(
  ctx: Core,
  lease: Lease,
  telling: FailureReport,
  groups: readonly G[],
  apply: (groups: readonly G[]) => Promise<unknown>,
): Promise<void> {
  const [only, ...rest] = groups
  if (!only) return
  try {
    await apply(groups)
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    if (rest.length > 0) for (const group of groups) await applyGroups(ctx, lease, telling, [group], apply)
    else await postpone(ctx, lease, [{ events: only.events, error: error as Error }], telling)
  }
}

/** Ends events, at the end of the transaction that applied them. */
export async function finish(
  tx: Db,
  ctx: Core,
  lease: Lease,
  events: readonly { id: number; hits: number; note?: Words }[],
): Promise<void> {
  await finishEvents(tx, lease.corpId, events, new Date(ctx.now()))
  await holdLease(tx, lease)
}
