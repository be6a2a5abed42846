/**
 * A due task is worked on by one node at a time. Its lease has a new id for each holder. Every transaction that writes what the
 * task is about checks the lease at its end, so a node that lost the lease writes nothing. The leases of a killed node expire
 * after six seconds. The mirror of a corp is such a task and therefore has one writer.
 *
 * Tasks that keep others waiting have places of their own. A webhook task whose receiver does not answer soon steps aside. A
 * task whose receiver is known to be silent (`webhook.silent_since`) is claimed into places for silent receivers, one call at a
 * time. Among either kind, the developer with the fewest running tasks on all nodes comes first (`slow`).
 *
 * What must happen after a write is enqueued in the transaction of that write, so that nothing is lost between a commit and a signal.
 * Signals only make the work start sooner.
 */

import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { inBackground } from '../operation/background.ts'
import { describeError } from '../operation/log.ts'
import { type Bell, createBell } from './bell.ts'
import type { Lease, StreamName, TaskClaim } from './queue-store.ts'
import * as store from './queue-store.ts'

/** A task that this node is working on. */
export type ActiveTask = {
  readonly corpId: string
  readonly key: string
  readonly lease: Lease
  /** Aborts when the lease is lost, the corp's work is held back, or the node stops. */
  readonly signal: AbortSignal
  /** Forgets earlier notifications. Call it before looking for work, so that one during the look still counts. */
  reset(): void
  /** Resolves when something is enqueued for this task, or after `ms`, whichever comes first. */
  wait(ms: number): Promise<void>
  /** Wakes the wait as if something had been enqueued. */
  ring(): void
  /** Leaves its place to others while it waits for something slow, where the stream allows that. */
  stepAside(): void
}

/** Why a corp's work is held back: it waits, and nothing of it is lost or tried in vain. */
export type Hold = 'suspended' | 'removing'

/** How one kind of work is done. */
export type Stream = {
  name: StreamName
  /** How many tasks of this stream one node works on at the same time. */
  atOnce: number
  /**
   * Tasks that are known to be slow have places of their own, so that they take none of the others'. A task that turns out to be
   * slow may step aside: it is then counted with the slow ones, of which there may be `asideAtMost`.
   */
  slow?: store.Slowness & { atOnce: number; asideAtMost: number }
  /** How many of `atOnce` may be under way at this moment; what is due waits meanwhile, and costs nothing. */
  room?(atOnce: number): number
  /** Nobody waits for this work: its calls to upstreams let others go first. */
  isBackground?: boolean
  /** Goes on for corps whose other work is held back for such a reason. */
  goesOn?: readonly Hold[]
  /**
   * Does everything that is due and returns when the next thing will be, or undefined for nothing. It is called again when
   * something is enqueued, and after a growing delay when it throws.
   */
  work(held: ActiveTask): Promise<Date | undefined>
}

/**
 * Work that becomes due, shared among all nodes. Each node runs one loop that sleeps until a task is due or notified. A
 * process that does not start it, such as a command, only enqueues: its environment, address and clock are not those of the nodes.
 */
export type Queue = {
  /** Registers a stream. Call it before `start`. */
  handle(stream: Stream): void
  /** Begins to work on what is due, or on a part of it. Nothing else does. */
  start(part?: store.QueuePart): void
  /** Makes the loop call `look` whenever it looks for work. `look` returns after how many ms it must be called again at the latest. */
  alongside(look: () => Promise<number>): void
  /** Looks for due tasks now, and wakes running tasks of this corp (of all corps without one). */
  kick(corpId?: string): void
  /**
   * From now on the tasks of these corps, and of no others, wait, but for the streams that go on. Those that are being worked on are
   * given back at their next safe point.
   */
  holdBack(corps: ReadonlyMap<string, Hold>): void
  /** Whether this node is working on any task of the corp. */
  isBusy(corpId: string): boolean
  /** Resolves when the running tasks have reached a safe point to stop. */
  stop(): Promise<void>
}

/** Notifications can be lost, so every node also looks for work at this interval. */
const lookEveryMs = 5000
const afterFailureMs = 500
const longestDelayMs = 30_000
/** Delay before looking again at tasks that are due but locked by another node at this moment. */
const lockedMs = 200

export async function createQueue(ctx: Core): Promise<Queue> {
  const streams = new Map<StreamName, Stream>()
  const bell = createBell()
  const stop = new AbortController()
  const tasks = createTasks(ctx, stop.signal, bell.ring, lease => isHeldBack(held, streams, lease))
  let held: ReadonlyMap<string, Hold> = new Map()
  let looping: Promise<void> | undefined
  let part: store.QueuePart = {}
  let renewing: NodeJS.Timeout | undefined
  const looks = [look]

  /** Claims due tasks as far as there is room and returns how many ms to sleep. */
  async function look(): Promise<number> {
    const now = new Date(ctx.now())
    const leases = tasks.leaseIds()
    const wanted = part.stream ? [part.stream] : [...streams.keys()]
    const only = { corpId: part.corpId, heldBack: heldBackBy(held, streams.values()) }
    const waits = await store.untilDue(ctx.db, wanted, leases, now, only)
    let sleepMs = lookEveryMs
    const node = { id: ctx.nodeId, newId: ctx.newId, homes: ctx.homes, held: leases }
    for (const [name, ms] of waits) {
      const stream = streams.get(name)!
      for (const { isSlow, atOnce, lane } of placesOf(stream)) {
        const mayRun = ms > 0 ? atOnce : (stream.room?.(atOnce) ?? atOnce)
        const room = mayRun - tasks.countOf(name, isSlow)
        // No need to look again on a timer: a task that ends rings the bell.
        if (room <= 0) continue
        if (ms > 0) sleepMs = Math.min(sleepMs, ms)
        else {
          const claimed = await store.claim(ctx.db, name, node, now, room, { ...only, lane })
          for (const one of claimed) tasks.begin(stream, one, isSlow)
          if (claimed.length < room) sleepMs = Math.min(sleepMs, claimed.length > 0 ? 0 : lockedMs)
        }
      }
    }
    return sleepMs
  }

  function kick(corpId?: string) {
    tasks.ringAll(corpId)
    bell.ring()
  }

  function start(given: store.QueuePart = {}) {
    if (looping || stop.signal.aborted) return
    part = given
    looping = loop(ctx, looks, bell, stop.signal)
    renewing = setInterval(tasks.renew, store.renewEveryMs)
  }

  await ctx.bus.listen(
    'wisp_queue',
    name => tasks.ring(name) || bell.ring(),
    () => kick(),
  )

  return {
    handle: stream => void streams.set(stream.name, stream),
    start,
    alongside(other) {
      looks.push(other)
      bell.ring()
    },
    kick,
    holdBack(corps) {
      held = corps
      tasks.interruptHeldBack()
      bell.ring()
    },
    isBusy: tasks.isBusy,
    async stop() {
      stop.abort(new Error('stopping'))
      bell.ring()
      await looping
      await tasks.ended()
      clearInterval(renewing)
    },
  }
}

/** Looks until the node stops, and sleeps in between as long as every look allows. */
async function loop(
  ctx: Core,
  looks: readonly (() => Promise<number>)[],
  bell: Bell,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    bell.reset()
    let sleepMs = afterFailureMs
    try {
      const waits = [lookEveryMs]
      if (!ctx.leavesDue()) for (const look of looks) waits.push(await look())
      sleepMs = Math.min(...waits)
    } catch (error) {
      if (!stopping.aborted) ctx.log.error(describeError(error), 'queue not read')
    }
    if (!stopping.aborted) await bell.wait(sleepMs)
  }
}

const holds: readonly Hold[] = ['suspended', 'removing']

function isHeldBack(
  held: ReadonlyMap<string, Hold>,
  streams: ReadonlyMap<StreamName, Stream>,
  { stream, corpId }: Lease,
): boolean {
  const hold = held.get(corpId)
  return hold !== undefined && streams.get(stream)?.goesOn?.includes(hold) !== true
}

function heldBackBy(held: ReadonlyMap<string, Hold>, streams: Iterable<Stream>): store.HeldTasks {
  if (held.size === 0) return []
  const all = [...streams]
  return holds.map(hold => ({
    corpIds: [...held].flatMap(([corpId, why]) => (why === hold ? [corpId] : [])),
    goesOn: all.filter(one => one.goesOn?.includes(hold)).map(one => one.name),
  }))
}

type Places = { isSlow: boolean; atOnce: number; lane: store.Lane | undefined }

function placesOf({ atOnce, slow }: Stream): Places[] {
  if (!slow) return [{ isSlow: false, atOnce, lane: undefined }]
  const lanes = store.lanesOf(slow)
  return [
    { isSlow: false, atOnce, lane: lanes.quick },
    { isSlow: true, atOnce: slow.atOnce, lane: lanes.slow },
  ]
}

type RunningTask = {
  lease: Lease
  held: ActiveTask
  lose: AbortController
  interrupt: AbortController
  ended: Promise<void>
  isSlow: boolean
}

/** The tasks that this node is working on. `onRoom` is called when one ends or steps aside, and leaves room for another. */
function createTasks(
  ctx: Core,
  stopping: AbortSignal,
  onRoom: () => void,
  isHeldBack: (lease: Lease) => boolean,
) {
  // By lease: a task that was lost may be claimed again before the work under the old lease has ended.
  const running = new Map<string, RunningTask>()
  const all = () => [...running.values()]
  const countOf = (name: StreamName, isSlow: boolean) =>
    all().filter(one => one.lease.stream === name && one.isSlow === isSlow).length

  function stepAside({ name, slow }: Stream, leaseId: string) {
    const task = running.get(leaseId)
    if (!slow || !task || task.isSlow || countOf(name, true) >= slow.asideAtMost) return
    task.isSlow = true
    onRoom()
  }

  function interruptHeldBack() {
    for (const one of all())
      if (isHeldBack(one.lease)) one.interrupt.abort(new Error('the work of the corp is held back'))
  }

  return {
    leaseIds: () => [...running.keys()],
    countOf,
    isBusy: (corpId: string) => all().some(one => one.held.corpId === corpId),
    ended: () => Promise.all(all().map(one => one.ended)),
    begin(stream: Stream, claimed: TaskClaim, isSlow: boolean) {
      const { lease } = claimed
      const lose = new AbortController()
      const interrupt = new AbortController()
      const bell = createBell()
      const signal = AbortSignal.any([lose.signal, interrupt.signal, stopping])
      signal.addEventListener('abort', bell.ring)
      const { corpId, key } = lease
      const aside = () => stepAside(stream, lease.id)
      const held: ActiveTask = { corpId, key, lease, signal, ...bell, stepAside: aside }
      const ended = workOn(ctx, stream, claimed, held).finally(() => {
        running.delete(lease.id)
        onRoom()
      })
      running.set(lease.id, { lease, held, lose, interrupt, ended, isSlow })
      // It may have become held back while it was being claimed.
      interruptHeldBack()
    },
    /** Returns false when this node is not working on the task. */
    ring(name: string): boolean {
      const meant = all().filter(one => store.nameOf(one.lease) === name)
      for (const { held } of meant) held.ring()
      return meant.length > 0
    },
    ringAll(corpId?: string) {
      for (const { held } of all()) if (corpId === undefined || held.corpId === corpId) held.ring()
    },
    /** Has what is held back given back as if the node were stopping. */
    interruptHeldBack,
    async renew() {
      const present = all()
      if (present.length === 0) return
      try {
        const held = await store.renew(
          ctx.db,
          present.map(one => one.lease),
        )
        for (const { lease, lose } of present) if (!held.has(lease.id)) lose.abort(new store.LeaseLost(lease))
      } catch (error) {
        ctx.log.warn(describeError(error), 'leases not renewed')
      }
    },
  }
}

/** Runs one task. Never rejects: failures are logged and the task is given back. */
async function workOn(
  ctx: Core,
  stream: Stream,
  { lease, attempts }: TaskClaim,
  held: ActiveTask,
): Promise<void> {
  const about = { stream: stream.name, corpId: lease.corpId, ...(lease.key && { key: lease.key }) }
  try {
    const work = () => stream.work(held)
    const dueAt = await (stream.isBackground ? inBackground(work) : work())
    // Another node continues the task, or whichever takes it when the corp's work goes on.
    if (held.signal.aborted) await store.giveBack(ctx.db, lease, new Date(ctx.now()), attempts)
    else await store.settle(ctx.db, lease, dueAt)
  } catch (error) {
    if (error instanceof store.LeaseLost) return
    if (!held.signal.aborted) ctx.log.error({ ...about, ...describeError(error) }, 'work failed')
    const waitMs = held.signal.aborted ? 0 : Math.min(afterFailureMs * 2 ** attempts, longestDelayMs)
    try {
      await store.giveBack(ctx.db, lease, new Date(ctx.now() + waitMs), attempts + 1)
    } catch (failure) {
      // The lease will expire by itself. The pause avoids hammering a database that is unreachable.
      ctx.log.warn({ ...about, ...describeError(failure) }, 'task not given back')
      if (!held.signal.aborted) await delay(afterFailureMs)
    }
  }
}
