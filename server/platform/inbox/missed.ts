/**
 * Pushes that could not be stored are asked for again. The owner of a proved push that could not be stored is counted. An
 * outage of over 2 s, a node that was silent without announcing its stop, and a start without other running nodes count for
 * every owner. The wish is written as soon as the database accepts it, in one transaction with what each room enqueues
 * (`missed` of its manifest): checks of address books, pulls of followers, questions to WeChat Pay, all spread over time. What
 * cannot be asked for is an alert (`missed_push`).
 */

import type { PushOwner, Refusals } from '../http/upstream-push.ts'
import { describeError, type Log } from '../operation/log.ts'
import type { Metrics } from '../operation/metrics.ts'
import { checkAlerts } from '../queue/check-alerts.ts'
import { DatabaseAway, memoryAnswersMs } from '../storage/availability.ts'
import { persistently } from '../storage/bus.ts'
import type { Db } from '../storage/db.ts'

export type RefusedPushes = PushOwner & { refused: number; from: Date; until: Date }

/** A time in which upstreams may have pushed in vain. */
export type Gap = {
  /** Undefined when nobody knows since when. */
  from: Date | undefined
  until: Date
  /** Any corp may have missed something, also one of which nothing was refused. */
  isWhole: boolean
  /** Nobody counted what was refused, so that any account may have missed something. */
  isBlind: boolean
  refused: readonly RefusedPushes[]
}

/** A shorter one was none to an upstream: what it pushed meanwhile was refused and counted, or had time to be taken. */
const noticedMs = 2000

/**
 * Notes what upstreams may have pushed in vain, and has it asked for again as soon as the database takes the wish: what is in memory
 * until then and dies with its node is found again by the nodes' beats (`silentNode`, `started`).
 */
export type MissedPushes = Refusals & {
  /** The database did not answer this node since then, and does again. */
  away(since: number): void
  /** A node was not heard of since then; `isSelf`: this one. */
  silentNode(since: Date, isSelf: boolean): void
  /** No node was there before this one. */
  started(): void
}

type MissedNotes = {
  from: number
  isWhole: boolean
  isBlind: boolean
  looksForSilent: boolean
  counts: Map<string, PushOwner & { refused: number; from: number; until: number }>
}

type Needs = { db: Db; log: Log; metrics: Metrics; now(): number; stopping: AbortSignal }

type Steps = {
  /** Takes the nodes off the list that are silent; returns since when the first of them is. */
  takeSilent(tx: Db): Promise<Date | undefined>
  /** Enqueues all that asks upstreams again. */
  ask(tx: Db, gap: Gap): Promise<void>
}

export function createMissed(ctx: Needs, { takeSilent, ask }: Steps): MissedPushes {
  let noted: MissedNotes | undefined
  // An increase is seen only of what was there before.
  for (const stream of ['directory', 'official', 'agent', 'pay'] as const)
    ctx.metrics.countRefusedPushes(stream, 0)

  async function write() {
    const taken = noted
    if (!taken) return
    noted = undefined
    try {
      await ctx.db.transaction().execute(async tx => {
        const silentSince = taken.looksForSilent ? await takeSilent(tx) : undefined
        const gap = gapOf(taken, silentSince, ctx.now())
        if (gap) await ask(tx, gap)
      })
    } catch (error) {
      noted = noted ? joined(taken, noted) : taken
      throw error
    }
    // One look covers all corps. It is made every few minutes in any case.
    const [first] = taken.counts.values()
    if (first) await checkAlerts(ctx, ctx.db, first.corpId).catch(error => ctx.log.warn(describeError(error)))
  }

  const writeSoon = persistently(write, {
    stopping: ctx.stopping,
    onFailure(error) {
      // That it does not answer is in the log already.
      if (!(error instanceof DatabaseAway))
        ctx.log.error(describeError(error), 'missed pushes not written down')
    },
  })

  function note(change: Partial<MissedNotes>) {
    const one: MissedNotes = { ...newNote(), ...change }
    noted = noted ? joined(noted, one) : one
    // It never rejects.
    void writeSoon()
  }

  return {
    refused(owner) {
      ctx.metrics.countRefusedPushes(owner.stream, 1)
      const at = ctx.now()
      const key = `${owner.stream} ${owner.corpId} ${owner.account}`
      note({ from: at, counts: new Map([[key, { ...owner, refused: 1, from: at, until: at }]]) })
    },
    away(since) {
      const awayMs = ctx.now() - since
      if (awayMs >= noticedMs) note({ from: since, isWhole: true, isBlind: awayMs >= memoryAnswersMs })
    },
    silentNode(since, isSelf) {
      if (isSelf) note({ from: since.getTime(), isWhole: true, isBlind: true, looksForSilent: true })
      else note({ looksForSilent: true })
    },
    started: () => note({ isWhole: true, isBlind: true, looksForSilent: true }),
  }
}

function newNote(): MissedNotes {
  return {
    from: Number.POSITIVE_INFINITY,
    isWhole: false,
    isBlind: false,
    looksForSilent: false,
    counts: new Map(),
  }
}

function joined(one: MissedNotes, other: MissedNotes): MissedNotes {
  const counts = new Map(one.counts)
  for (const [key, { refused, from, until, ...owner }] of other.counts) {
    const before = counts.get(key) ?? { refused: 0, from, until }
    counts.set(key, {
      ...owner,
      refused: before.refused + refused,
      from: Math.min(before.from, from),
      until: Math.max(before.until, until),
    })
  }
  return {
    from: Math.min(one.from, other.from),
    isWhole: one.isWhole || other.isWhole,
    isBlind: one.isBlind || other.isBlind,
    looksForSilent: one.looksForSilent || other.looksForSilent,
    counts,
  }
}

/** Undefined when nothing was missed: another node was faster. */
function gapOf(noted: MissedNotes, silentSince: Date | undefined, now: number): Gap | undefined {
  const { isWhole, isBlind, counts } = noted
  if (!isWhole && counts.size === 0 && !silentSince) return undefined
  const from = Math.min(noted.from, silentSince?.getTime() ?? Number.POSITIVE_INFINITY)
  return {
    from: Number.isFinite(from) ? new Date(from) : undefined,
    until: new Date(now),
    isWhole: isWhole || silentSince !== undefined,
    isBlind: isBlind || silentSince !== undefined,
    refused: [...counts.values()].map(one => ({
      ...one,
      from: new Date(one.from),
      until: new Date(one.until),
    })),
  }
}
