import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { type Lease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import { DatabaseAway } from '../../../platform/storage/availability.ts'
import { refreshStatistics } from '../../../platform/storage/upkeep.ts'
import { type Words, wordsToStore } from '../../../platform/words.ts'
import type { WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import type { Corps } from '../../corps/corps.ts'
import { examineAgain } from '../../corps/doctor/again.ts'
import { noteRegime } from '../../corps/noted.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { afterOutage } from '../checks/after-outage.ts'
import { failureWords } from '../failure.ts'
import type { UpstreamReach } from '../outage.ts'
import { runGivenUpMs } from '../thresholds.ts'
import type { ReadTimes } from '../touched.ts'
import { type Contact, createContact } from './contact.ts'
import { sweepCorp } from './full-sync.ts'
import * as runs from './run-store.ts'
import { isForbiddenForContact, openSource } from './source.ts'
import { RunStopped, type Sweep, WecomAway } from './sweep.ts'

type Needs = Core & { offered: FeatureOffers } & { corps: Corps; mirrors: Mirrors }

/** From this many written members on, the query planner's statistics are out of date. */
const bulkFrom = 1000

/**
 * Starts a waiting run, or continues one that was interrupted, and carries it to its end. When WeCom cannot be reached, the run stays
 * open and `reach` says so. Rejects when the database is unreachable: the run stays open then too.
 */
export async function executeRun(ctx: Needs, run: runs.Run, work: Work, signal: AbortSignal): Promise<void> {
  await ctx.mirrors.during(run.corpId, () => execute(ctx, run, work, signal))
}

/** What the work on a corp's address book has for its runs. */
export type Work = { lease: Lease; touched: ReadTimes; reach: UpstreamReach }

async function execute(ctx: Needs, run: runs.Run, work: Work, signal: AbortSignal): Promise<void> {
  const contact = createContact(ctx, work.reach)
  try {
    // A dry run stores no finished pages, so it cannot be continued and starts again.
    const isFresh = run.state === 'waiting' || run.kind === 'dry-run'
    if (isFresh && !(await begin(ctx, run))) return
    if (run.state === 'waiting') await lookAtRegime(ctx, run.corpId, contact)
    const sweep = await newSweep(ctx, run, work, contact, signal)
    await sweepCorp(sweep)
    await noteRegime(ctx, sweep.corp, sweep.source.regime)
    await finishRun(ctx, run, 'done', null)
    if (run.requestedBy === afterOutage) tellMended(ctx, run, sweep.counts)
    if (run.kind !== 'dry-run' && sweep.counts.member.put >= bulkFrom) await refreshStatistics(ctx)
  } catch (error) {
    if (signal.aborted || error instanceof LeaseLost) return
    // This says nothing about the run, which continues when the database is back.
    if (error instanceof DatabaseAway) throw error
    if (!(error instanceof WecomAway)) return await stopRun(ctx, run, error)
    await work.reach.failed(error.failure)
    await giveUpAfterLong(ctx, run, work.reach, error.failure)
  } finally {
    contact.end()
  }
}

function tellMended(ctx: Core, { corpId, id }: runs.Run, counts: runs.Counts): void {
  const changes = Object.values(counts).reduce((sum, { put, drop }) => sum + put + drop, 0)
  ctx.metrics.countMended(changes)
  ctx.log.info({ corpId, run: id, changes }, 'the address book has the changes that were missed')
}

/** Ends a run that has had no answer from WeCom for a day. */
export async function giveUpAfterLong(
  ctx: Core & { corps: Corps },
  run: runs.Run,
  reach: UpstreamReach,
  failure: WecomUnavailable,
): Promise<void> {
  const silentSince = Math.max(reach.since()?.getTime() ?? ctx.now(), run.createdAt.getTime())
  if (ctx.now() - silentSince > runGivenUpMs) await stopRun(ctx, run, failure)
}

/** Returns false when the run was cancelled before it began. */
async function begin(ctx: Core & { mirrors: Mirrors }, run: runs.Run): Promise<boolean> {
  const now = new Date(ctx.now())
  await runs.dropDrift(ctx.db, run.id)
  run.counts = {}
  run.progress = {}
  run.problems = []
  run.first = ctx.mirrors.of(run.corpId).tree.order.length === 0
  return runs.updateOpenRun(ctx.db, run.id, { state: 'running', first: run.first, startedAt: now }, now)
}

/** A restriction may have ended since. Asked once a run, for a run that meets it again goes on under it. */
async function lookAtRegime(ctx: Needs, corpId: string, contact: Contact): Promise<void> {
  const corp = ctx.corps.get(corpId)
  if (corp.regime !== 'restricted') return
  const [root] = ctx.mirrors.of(corpId).tree.order
  const isOver = await contact
    .ask(() => corp.contact.departmentGet(root?.department.id ?? 1))
    .then(
      () => true,
      () => false,
    )
  if (isOver) await noteRegime(ctx, corp, 'full')
}

async function stopRun(ctx: Core & { corps: Corps }, run: runs.Run, error: unknown): Promise<void> {
  const { corpId } = run
  const corp = ctx.corps.find(corpId)
  if (corp && corp.regime !== 'restricted' && isForbiddenForContact(error)) {
    // The run stays open. The next attempt continues it with only the calls that a restricted secret may make.
    return noteRegime(ctx, corp, 'restricted')
  }
  const isStopped = error instanceof RunStopped
  const described = isStopped ? { error: error.message } : describeError(error)
  ctx.log.warn({ corpId, run: run.id, ...described }, 'sync run stopped')
  const words = isStopped ? error.words : failureWords(error)
  await finishRun(ctx, run, isStopped && error.needsApproval ? 'approval' : 'failed', words)
}

async function finishRun(
  ctx: Core,
  run: runs.Run,
  state: runs.RunState,
  error: Words | string | null,
): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    if (run.kind !== 'dry-run') await checkAlerts(ctx, tx, run.corpId)
    await runs.updateOpenRun(tx, run.id, { state, error, finishedAt: at }, at)
    await runs.dropPages(tx, run.id)
    if (run.kind !== 'dry-run') await examineAgain(ctx, tx, run.corpId)
  })
}

async function newSweep(
  ctx: Needs,
  run: runs.Run,
  { lease, touched }: Work,
  contact: Contact,
  signal: AbortSignal,
): Promise<Sweep> {
  const corp = ctx.corps.get(run.corpId)
  const pages = await runs.readPages(ctx.db, run.id)
  const seen = new Set(pages.flatMap(page => page.userKeys))
  const none = () => ({ put: 0, drop: 0 })
  return {
    ctx,
    corp,
    run,
    lease,
    source: openSource(ctx, corp),
    touched,
    signal,
    contact,
    isFirst: run.first,
    begun: touched.mark(),
    seen,
    pagesDone: new Set(pages.map(page => page.page)),
    progress: {
      pagesDone: pages.length,
      pagesTotal: pages.length,
      members: seen.size,
      applied: run.progress.applied ?? 0,
    },
    counts: { department: none(), member: none(), tag: none(), ...run.counts },
    problems: new Set(run.problems.map(wordsToStore)),
    driftKept: await runs.countDrift(ctx.db, run.id),
  }
}
