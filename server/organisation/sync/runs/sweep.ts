import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Lease } from '../../../platform/queue/queue-store.ts'
import { type Words, wordsToStore } from '../../../platform/words.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { Corp } from '../../corps/corps.ts'
import type { Mirror } from '../../directory/mirror/mirror.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { refusalWords } from '../failure.ts'
import type { ReadTimes } from '../touched.ts'
import type { Contact } from './contact.ts'
import type { Counts, Progress, Run } from './run-store.ts'
import type { Source } from './source.ts'

/** Ends a run, or pauses it until somebody approves it. The words are meant for people. */
export class RunStopped extends Error {
  readonly words: Words
  readonly needsApproval: boolean
  constructor(words: Words, needsApproval = false) {
    super(words.zh)
    this.words = words
    this.needsApproval = needsApproval
  }
}

/** WeCom cannot be reached: the run stays open, and is continued later. */
export class WecomAway extends Error {
  readonly failure: WecomUnavailable
  constructor(failure: WecomUnavailable) {
    super(failure.message)
    this.failure = failure
  }
}

/** What a run reads and writes, in this order. */
export const phases = {
  department: { zh: '部门', en: 'departments' },
  member: { zh: '成员', en: 'members' },
  tag: { zh: '标签', en: 'tags' },
} as const satisfies Record<string, Words>

/** The state of one run while it executes. */
export type Sweep = {
  ctx: Core & { offered: FeatureOffers } & { mirrors: Mirrors }
  corp: Corp
  run: Run
  lease: Lease
  source: Source
  touched: ReadTimes
  signal: AbortSignal
  contact: Contact
  /** Whether the mirror was not empty: a first sync only fills it, so it has no drift. */
  isFirst: boolean
  /** The mark (see Touched) taken when this pass began to read. */
  begun: number
  /** Members found at WeCom, by lower-case userid. */
  seen: Set<string>
  pagesDone: Set<string>
  progress: Progress
  counts: Counts
  /** In stored form. */
  problems: Set<string>
  driftKept: number
}

const problemsAtMost = 200
/** Differences that a run stores for people to look at. */
export const driftAtMost = 5000

export function mirrorOf(sweep: Sweep): Mirror {
  return sweep.ctx.mirrors.of(sweep.corp.corpId)
}

export function addProblem(sweep: Sweep, problem: Words): void {
  if (sweep.problems.size < problemsAtMost) sweep.problems.add(wordsToStore(problem))
}

export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const step = 64
  for (let at = 0; at < items.length; at += step) {
    results.push(...(await Promise.all(items.slice(at, at + step).map(work))))
  }
  return results
}

const patienceMs = 30 * 60_000
const longestPauseMs = 60_000

/**
 * Retries while WeCom is busy, limits calls or is unreachable for a moment, so that these slow a run down instead of failing it.
 * Errors that only a person can resolve end the run. Throws WecomAway.
 */
export async function patiently<T>(sweep: Sweep, read: () => Promise<T>): Promise<T> {
  const since = sweep.ctx.now()
  for (let pause = 1000; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await sweep.contact.ask(read)
    } catch (error) {
      sweep.signal.throwIfAborted()
      if (error instanceof WecomUnavailable && sweep.contact.isLost()) throw new WecomAway(error)
      const isPassing =
        error instanceof WecomUnavailable ||
        (error instanceof WecomError && ['busy', 'limit', 'token'].includes(error.kind))
      if (!isPassing || sweep.ctx.now() - since > patienceMs) throw explained(error)
      await delay(pause, undefined, { signal: sweep.signal })
    }
  }
}

/** Explains the error, except 48009: callers recognise the regime by it. */
function explained(error: unknown): unknown {
  if (!(error instanceof WecomError) || error.errcode === 48009) return error
  return new RunStopped(refusalWords(error))
}
