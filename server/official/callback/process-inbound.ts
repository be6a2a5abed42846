import type { Core } from '../../core.ts'
import type { DueEvent } from '../../inbox/event-store.ts'
import * as store from '../../inbox/event-store.ts'
import { postpone as postponeEvents } from '../../inbox/postpone.ts'
import { describeError } from '../../operation/log.ts'
import type { ActiveTask, Queue } from '../../queue/queue.ts'
import { holdLease, type Lease, LeaseLost } from '../../queue/queue-store.ts'
import type { Db } from '../../storage/db.ts'
import { type Push, parsePush } from '../../upstream/official/push.ts'
import { growingDelayMs } from '../../upstream/transport/retry.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { notReadYetMs } from '../accounts/accounts.ts'
import type { Answer } from './answer.ts'

/** A push that was stored and answered, and is now acted on. */
export type Inbound = { id: number; receivedAt: Date; push: Push; answer: Answer | null }

/**
 * What a feature makes of pushes, in the transaction that finishes them and in the order in which they came. It may be
 * given a push again that somebody replays, so it writes under the push's id or sets a state.
 */
export type Effect = (tx: Db, account: Account, pushes: readonly Inbound[]) => Promise<void>

type Needs = Core & { accounts: Accounts; queue: Queue }

const batchEvents = 400
const parkAfter = 8
const delays = { first: 1000, longest: 300_000 }
const errorAtMost = 500

/** Accounts are tasks of their own in the queue, so that one with much to do keeps no other waiting. */
export function handleInbound(ctx: Needs, effects: readonly Effect[]): void {
  ctx.queue.handle({ name: 'official', atOnce: 8, work: held => processInbound(ctx, held, effects) })
}

async function processInbound(
  ctx: Needs,
  held: ActiveTask,
  effects: readonly Effect[],
): Promise<Date | undefined> {
  const { corpId, key, lease, signal } = held
  const box = { corpId, stream: 'official', account: key } as const
  while (!signal.aborted) {
    const account = ctx.accounts.find(key)
    const events = await store.dueEvents(ctx.db, box, new Date(ctx.now()), batchEvents)
    if (events.length === 0) return store.nextDueAt(ctx.db, box)
    if (account?.corpId !== corpId) return new Date(ctx.now() + notReadYetMs)
    await apply(ctx, lease, account, events, effects)
  }
  return undefined
}

async function apply(
  ctx: Needs,
  lease: Lease,
  account: Account,
  events: DueEvent[],
  effects: readonly Effect[],
): Promise<void> {
  try {
    const pushes = events.map(inboundOf)
    await ctx.db.transaction().execute(async tx => {
      for (const effect of effects) await effect(tx, account, pushes)
      await store.finishEvents(tx, account.corpId, events, new Date(ctx.now()))
      await holdLease(tx, lease)
    })
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    const [only, ...rest] = events
    // A push that cannot be acted on must not hold up the others, so they are tried one by one.
    if (rest.length > 0) for (const event of events) await apply(ctx, lease, account, [event], effects)
    else if (only) await postpone(ctx, account.corpId, only, error as Error)
  }
}

function inboundOf({ id, receivedAt, plain, answer }: DueEvent): Inbound {
  return { id, receivedAt, push: parsePush(plain ?? ''), answer: (answer ?? null) as Answer | null }
}

async function postpone(ctx: Core, corpId: string, event: DueEvent, error: Error): Promise<void> {
  ctx.log.warn({ entity: event.entity, ...describeError(error) }, 'push of an official account postponed')
  const attempts = event.attempts + 1
  const at = new Date(ctx.now() + growingDelayMs(event.attempts, delays))
  const why = error.message.slice(0, errorAtMost)
  await postponeEvents(ctx, corpId, [
    { id: event.id, at, error: why, attempts, parked: attempts >= parkAfter },
  ])
}
