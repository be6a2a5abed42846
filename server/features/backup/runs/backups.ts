import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { nextTime } from '../../../platform/cron-line.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { signal as signalNodes } from '../../../platform/storage/bus.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import { BackupError } from '../backup-error.ts'
import type { S3PlaceOptions } from '../places/s3.ts'
import { type PlaceNeeds, placeOf } from '../plan/plan.ts'
import { lockPlan, type Plan, putNextAt, readPlan } from '../plan/plan-store.ts'
import { testRestore } from '../restore-test/restore-test.ts'
import type { ScratchKind } from '../restore-test/scratch.ts'
import * as trials from '../restore-test/test-store.ts'
import { LeaseGone, underLease } from './lease.ts'
import * as store from './run-store.ts'
import { wordsOf, writeRun } from './write-run.ts'

export type BackupRunNeeds = Core & PlaceNeeds & { offered: FeatureOffers }

export type BackupOptions = S3PlaceOptions & { kinds?: readonly ScratchKind[] }

export type Backups = {
  /** The places that this node can write to: S3, and the folder where it has one. */
  kinds: readonly store.PlaceKind[]
  /** Does what is due in this place, as far as no other node is at it. Resolves when nothing is left for this node. */
  look(place: store.PlaceKind): Promise<void>
  /** Resolves when what runs has stopped. */
  close(): Promise<void>
}

const attemptsAtMost = 3
const againMs = 300_000

const died = {
  zh: '写备份的节点中途停止了（被结束、断电或与数据库失去联系）',
  en: 'the node that wrote it stopped half way (killed, a power cut, or cut off from the database)',
}
const stopped = {
  zh: '写备份的节点停止了，由其他节点重做',
  en: 'the node that wrote it was stopped, and another does it again',
}
const testDied = {
  zh: '做恢复演练的节点中途停止了（被结束、断电或与数据库失去联系）',
  en: 'the node of the restore test stopped half way (killed, a power cut, or cut off from the database)',
}

/** What nodes do by the plan, and when somebody asks. The rows decide which node does it. */
export function createBackups(ctx: BackupRunNeeds, options: BackupOptions = {}): Backups {
  const kinds: readonly store.PlaceKind[] = ctx.config.backupDir ? ['s3', 'folder'] : ['s3']
  const looking = new Map<store.PlaceKind, { again: boolean; done: Promise<void> }>()

  async function doAll(place: store.PlaceKind): Promise<void> {
    if (!(await store.hasWork(ctx.db, place, new Date(ctx.now())))) return
    await bury(ctx, place)
    await dueByPlan(ctx, place)
    for (;;) {
      ctx.stopping.throwIfAborted()
      const run = await store.claimRun(ctx.db, place, ctx.nodeId, new Date(ctx.now()))
      if (run) await doRun(ctx, run, options)
      const trial = await trials.claimTrial(ctx.db, place, ctx.nodeId, new Date(ctx.now()))
      if (trial) await doTrial(ctx, trial, options)
      if (!run && !trial) return
    }
  }

  function look(place: store.PlaceKind): Promise<void> {
    const present = looking.get(place)
    if (present) {
      present.again = true
      return present.done
    }
    const turn = { again: false, done: Promise.resolve() }
    turn.done = (async () => {
      try {
        do {
          turn.again = false
          await doAll(place)
        } while (turn.again)
      } finally {
        looking.delete(place)
      }
    })()
    looking.set(place, turn)
    return turn.done
  }

  return {
    kinds,
    look,
    async close() {
      await Promise.allSettled([...looking.values()].map(one => one.done))
    },
  }
}

/** Makes all nodes look for work. Callers use it in the transaction that asks for something. */
export async function wakeNodes(tx: Core['db']): Promise<void> {
  await signalNodes(tx, 'wisp_backup', '')
}

/** A node that was killed has failed, and what it was at is done again. */
async function bury(ctx: Core, place: store.PlaceKind): Promise<void> {
  const now = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    for (const run of await store.buryRuns(tx, place, died, now)) await askAgain(tx, run, now)
  })
  await trials.buryTrials(ctx.db, testDied, now)
}

/** Another attempt of the run, unless there were enough. */
async function askAgain(
  tx: Core['db'],
  run: store.Run,
  dueAt: Date,
  attempt = run.attempt + 1,
): Promise<void> {
  const { place, reason, askedBy } = run
  if (attempt <= attemptsAtMost) await store.addRun(tx, { place, reason, askedBy, attempt, dueAt })
}

/** A time that nobody was there for is made up for, once. */
async function dueByPlan(ctx: Core, place: store.PlaceKind): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const seen = await readPlan(tx)
    const now = new Date(ctx.now())
    const isDue = (plan: Plan | undefined) =>
      plan?.enabled === true && plan.place === place && plan.nextAt !== null && plan.nextAt <= now
    if (!isDue(seen)) return
    const plan = await lockPlan(tx)
    if (!plan || !isDue(plan)) return
    await putNextAt(tx, nextTime(plan.cron, now, usualZone))
    await store.addRun(tx, { place, reason: 'plan', askedBy: 'wisp', attempt: 1, dueAt: now })
  })
}

async function doRun(ctx: BackupRunNeeds, run: store.Run, options: BackupOptions): Promise<void> {
  const renew = () => store.renewRun(ctx.db, run.id, ctx.nodeId)
  try {
    await underLease(renew, ctx.stopping, async signal => {
      const plan = await planFor(ctx, run.place)
      const place = placeOf(ctx, plan, options)
      try {
        await writeRun(ctx, run, { plan, place, signal })
        await testByPlan(ctx, run.id, plan)
      } finally {
        await place.close()
      }
    })
  } catch (error) {
    if (error instanceof LeaseGone) return
    ctx.log.error({ run: run.id, ...describeError(error) }, 'backup failed')
    await fail(ctx, run, error)
  }
}

async function fail(ctx: Core, run: store.Run, error: unknown): Promise<void> {
  const now = new Date(ctx.now())
  const isStopping = ctx.stopping.aborted
  const end = { state: 'failed', problem: isStopping ? stopped : wordsOf(error) } as const
  await ctx.db.transaction().execute(async tx => {
    if (!(await store.endRun(tx, run.id, ctx.nodeId, end, now))) return
    // Nothing has failed but the node: a rolling restart of many uses up no attempts.
    if (isStopping) await askAgain(tx, run, now, run.attempt)
    else await askAgain(tx, run, new Date(now.getTime() + againMs * 3 ** (run.attempt - 1)))
  })
}

async function planFor(ctx: Core, place: store.PlaceKind): Promise<Plan> {
  const plan = await readPlan(ctx.db)
  if (plan?.place === place) return plan
  throw new BackupError('备份计划已改到别处', 'the backup plan leads elsewhere by now')
}

/** A restore test follows a backup when the last good one is too old, or there was none. */
async function testByPlan(ctx: Core, runId: number, plan: Plan): Promise<void> {
  if (plan.testDays === 0) return
  const last = await trials.lastTrial(ctx.db, 'good')
  const age = ctx.now() - (last?.endedAt?.getTime() ?? 0)
  // Backups do not begin at the very same second of each day.
  if (age < plan.testDays * 86_400_000 - 3_600_000) return
  const run = await store.readRun(ctx.db, runId)
  if (run) await askTrial(ctx, run, 'wisp')
}

export async function askTrial(
  ctx: Pick<Core, 'db' | 'now'>,
  run: store.Run,
  askedBy: string,
): Promise<number> {
  const askedAt = new Date(ctx.now())
  return trials.addTrial(ctx.db, { runId: run.id, place: run.place, file: run.name, askedBy, askedAt })
}

async function doTrial(ctx: BackupRunNeeds, trial: trials.Trial, options: BackupOptions): Promise<void> {
  const run = trial.runId === null ? undefined : await store.readRun(ctx.db, trial.runId)
  await runTrial(ctx, trial, async signal => {
    if (!run || !trial.place) throw new Error('a restore test without a backup')
    const place = placeOf(ctx, await planFor(ctx, trial.place), options)
    try {
      if (place.address !== run.address)
        throw new BackupError(
          `${run.name} 在 ${run.address}，而备份计划已改到 ${place.address}；可用 wisp backup verify 指明地址来演练`,
          `${run.name} is at ${run.address}, and the plan leads to ${place.address} by now; name its address to wisp backup verify`,
        )
      const { kinds } = options
      return await testRestore(ctx, place.source(run.name, signal), { signal, ...(kinds ? { kinds } : {}) })
    } finally {
      await place.close()
    }
  })
}

/** Does a trial that this process has claimed, and stores its end, which it returns. */
export async function runTrial(
  ctx: Core,
  { id, file, place, askedBy }: Pick<trials.Trial, 'id' | 'file' | 'place' | 'askedBy'>,
  work: (signal: AbortSignal) => Promise<trials.TrialResult>,
): Promise<Parameters<typeof trials.endTrial>[3]> {
  const end = await underLease(() => trials.renewTrial(ctx.db, id, ctx.nodeId), ctx.stopping, work).then(
    result => ({ state: 'good' as const, ...result }),
    error => {
      if (!(error instanceof LeaseGone))
        ctx.log.error({ file, ...describeError(error) }, 'restore test failed')
      return { state: 'failed' as const, problem: wordsOf(error) }
    },
  )
  if (ctx.stopping.aborted && end.state === 'failed' && place) {
    await trials.giveBackTrial(ctx.db, id, ctx.nodeId)
    return end
  }
  await ctx.db.transaction().execute(async tx => {
    if (!(await trials.endTrial(tx, id, ctx.nodeId, end, new Date(ctx.now())))) return
    const detail = end.state === 'good' ? { rows: end.rows } : { problem: end.problem.zh }
    await record(tx, ctx, { corpId: null, actor: askedBy, act: 'backup.test', target: file, detail })
  })
  return end
}
