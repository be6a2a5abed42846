import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { describeError } from '../operation/log.ts'
import { createBell } from './bell.ts'
import type { Claimed, Lease, StreamName } from './queue-store.ts'
import * as store from './queue-store.ts'

/** A task that this node works on. */
export type Held = {
  readonly corpId: string
  readonly key: string
  readonly lease: Lease
  /** Aborted when the lease is lost or the node stops. */
  readonly signal: AbortSignal
  /** Forgets until now what was enqueued: to be called before looking for it. */
  reset(): void
  /** Resolves when something is enqueued for this task, or after `ms`. */
  wait(ms: number): Promise<void>
  /** As if something was enqueued. */
  ring(): void
}

/** How one kind of work is done. */
export type Stream = {
  name: StreamName
  /** How many tasks of it this node works on at once. */
  atOnce: number
  /**
   * Does all that is due and answers when something is due next; undefined: never. It is called again when something is
   * enqueued, and later when it throws.
   */
  work(held: Held): Promise<Date | undefined>
}

/** Everything that is due, worked on by all nodes: one loop a node, which sleeps until something is due or told. */
export type Queue = {
  /** Before the start. */
  handle(stream: Stream): void
  start(): void
  /** Looks for due tasks now; a task of this corp that is under way is told. */
  kick(corpId?: string): void
  /** Whether this node works on something of the corp. */
  isBusy(corpId: string): boolean
  /** Resolves when what was under way has come to a good place to stop. */
  stop(): Promise<void>
}

/** Signals may be lost; so often somebody looks all the same. */
const lookEveryMs = 5000
const renewEveryMs = (store.leaseSeconds * 1000) / 3
const afterFailureMs = 500
const longestDelayMs = 30_000
/** Due for others, and locked by them just now. */
const lockedMs = 200

export async function createQueue(ctx: Core): Promise<Queue> {
  const streams = new Map<StreamName, Stream>()
  const bell = createBell()
  const stop = new AbortController()
  const tasks = createTasks(ctx, stop.signal, bell.ring)
  let looping: Promise<void> | undefined
  let renewing: NodeJS.Timeout | undefined

  /** Claims what is due, as far as there is room; answers how long to sleep. */
  async function look(): Promise<number> {
    const now = new Date(ctx.now())
    const waits = await store.untilDue(ctx.db, [...streams.keys()], ctx.nodeId, now)
    let sleepMs = lookEveryMs
    for (const [name, ms] of waits) {
      const stream = streams.get(name)!
      const room = stream.atOnce - tasks.countOf(name)
      // The end of one of them rings.
      if (room <= 0) continue
      if (ms > 0) sleepMs = Math.min(sleepMs, ms)
      else {
        const claimed = await store.claim(ctx.db, name, { id: ctx.nodeId, newId: ctx.newId }, now, room)
        for (const one of claimed) tasks.begin(stream, one)
        if (claimed.length < room) sleepMs = Math.min(sleepMs, claimed.length > 0 ? 0 : lockedMs)
      }
    }
    return sleepMs
  }

  async function loop() {
    while (!stop.signal.aborted) {
      bell.reset()
      let sleepMs = afterFailureMs
      try {
        sleepMs = await look()
      } catch (error) {
        if (!stop.signal.aborted) ctx.log.error(describeError(error), 'queue not read')
      }
      if (!stop.signal.aborted) await bell.wait(sleepMs)
    }
  }

  function start() {
    if (looping || stop.signal.aborted) return
    looping = loop()
    renewing = setInterval(tasks.renew, renewEveryMs)
  }

  await ctx.bus.listen(
    'wisp_queue',
    name => tasks.ring(name) || bell.ring(),
    () => {
      tasks.ringAll()
      bell.ring()
    },
  )

  return {
    handle: stream => void streams.set(stream.name, stream),
    start,
    kick(corpId) {
      start()
      tasks.ringAll(corpId)
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

type Running = { claimed: Claimed; held: Held; lose: AbortController; ended: Promise<void> }

/** The tasks that this node works on. `onEnd` is told when one has ended and there is room for another. */
function createTasks(ctx: Core, stopping: AbortSignal, onEnd: () => void) {
  const running = new Map<string, Running>()
  const all = () => [...running.values()]

  return {
    countOf: (name: StreamName) => all().filter(one => one.claimed.lease.stream === name).length,
    isBusy: (corpId: string) => all().some(one => one.held.corpId === corpId),
    ended: () => Promise.all(all().map(one => one.ended)),
    begin(stream: Stream, claimed: Claimed) {
      const { lease } = claimed
      const name = store.nameOf(lease)
      const lose = new AbortController()
      const bell = createBell()
      const signal = AbortSignal.any([lose.signal, stopping])
      signal.addEventListener('abort', bell.ring)
      const held: Held = { corpId: lease.corpId, key: lease.key, lease, signal, ...bell }
      const ended = workOn(ctx, stream, claimed, held).finally(() => {
        running.delete(name)
        onEnd()
      })
      running.set(name, { claimed, held, lose, ended })
    },
    /** False when the task is not worked on here. */
    ring(name: string): boolean {
      running.get(name)?.held.ring()
      return running.has(name)
    },
    ringAll(corpId?: string) {
      for (const { held } of all()) if (corpId === undefined || held.corpId === corpId) held.ring()
    },
    async renew() {
      const present = [...running]
      if (present.length === 0) return
      const leases = present.map(([, { claimed }]) => claimed.lease)
      try {
        const held = await store.renew(ctx.db, leases)
        for (const [name, { claimed, lose }] of present)
          if (!held.has(name)) lose.abort(new store.LeaseLost(claimed.lease))
      } catch (error) {
        ctx.log.warn(describeError(error), 'leases not renewed')
      }
    },
  }
}

/** Never rejects. */
async function workOn(ctx: Core, stream: Stream, { lease, attempts }: Claimed, held: Held): Promise<void> {
  const about = { stream: stream.name, corpId: lease.corpId, ...(lease.key && { key: lease.key }) }
  try {
    const dueAt = await stream.work(held)
    // Somebody else goes on where this node stopped.
    if (held.signal.aborted) await store.giveBack(ctx.db, lease, new Date(ctx.now()), attempts)
    else await store.settle(ctx.db, lease, dueAt)
  } catch (error) {
    if (error instanceof store.LeaseLost) return
    if (!held.signal.aborted) ctx.log.error({ ...about, ...describeError(error) }, 'work failed')
    const waitMs = held.signal.aborted ? 0 : Math.min(afterFailureMs * 2 ** attempts, longestDelayMs)
    try {
      await store.giveBack(ctx.db, lease, new Date(ctx.now() + waitMs), attempts + 1)
    } catch (failure) {
      // Its lease runs out by itself. Without a pause a database that is away would be asked all the time.
      ctx.log.warn({ ...about, ...describeError(failure) }, 'task not given back')
      if (!held.signal.aborted) await delay(afterFailureMs)
    }
  }
}
