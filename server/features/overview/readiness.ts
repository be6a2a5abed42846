import type { Corps } from '../../organisation/corps/corps.ts'
import { lastVerdicts } from '../../organisation/corps/doctor/doctor.ts'
import { lastRuns } from '../../organisation/sync/figures-store.ts'
import type { Core } from '../../platform/core.ts'
import { type Language, wordsIn } from '../../platform/http/words.ts'
import { inboxStates } from '../../platform/inbox/event-store.ts'
import { DatabaseAway, memoryAnswersMs } from '../../platform/storage/availability.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { Readiness } from '../../platform/upkeep/health.ts'

type Needs = Core & { corps: Corps; database: Pick<Database, 'room'> }

/** For /readyz: problems keep this node from answering, warnings need somebody's attention. */
export function readinessOf(ctx: Needs): Readiness {
  return { problems: () => readProblems(ctx), warnings: language => readWarnings(ctx, language) }
}

/**
 * A node is ready as long as its gates let calls through. All nodes lose the same database at the same moment: if they were
 * not ready at once, a balancer would have nobody left to ask for what memory still answers.
 */
function readProblems({ stopping, availability, database }: Needs): string[] {
  if (stopping.aborted) return ['stopping']
  const full = database.room.problem()
  if (full) return [full]
  try {
    availability.check()
    return []
  } catch (error) {
    if (error instanceof DatabaseAway) return [error.message]
    throw error
  }
}

async function readWarnings(ctx: Needs, language: Language): Promise<string[]> {
  const away = `the database does not answer: memory does for ${memoryAnswersMs / 1000} s`
  if (ctx.availability.awaySince() !== undefined) return [away]
  try {
    return await warningsOfCorps(ctx, language)
  } catch (error) {
    if (error instanceof DatabaseAway) return [away]
    throw error
  }
}

/** The warnings come from wisp's own data, without a call to upstream, and are read for all corps at once. */
async function warningsOfCorps(ctx: Needs, language: Language): Promise<string[]> {
  const [runs, inboxes, verdicts] = await Promise.all([
    lastRuns(ctx.db),
    inboxStates(ctx.db, 'directory'),
    lastVerdicts(ctx, language),
  ])
  return ctx.corps.all().flatMap(({ corpId, callbackVerifiedAt }) => {
    const run = runs.get(corpId)
    const parked = inboxes.get(corpId)?.parked ?? 0
    const verdict = verdicts.get(corpId)
    const warnings: string[] = []
    if (!run) warnings.push('never synced')
    const why = wordsIn(language, run?.error ?? '')
    if (run?.state === 'failed') warnings.push(`sync run ${run.id} failed: ${why}`)
    if (run?.state === 'approval') warnings.push(`sync run ${run.id} waits for approval: ${why}`)
    if (parked > 0) warnings.push(`${parked} contact events are parked`)
    if (!callbackVerifiedAt) warnings.push('WeCom never verified the callback')
    if (verdict && verdict.failed.length > 0) {
      const at = new Date(verdict.at).toISOString()
      warnings.push(`the doctor of ${at} found failing: ${verdict.failed.join(', ')}`)
    }
    return warnings.map(warning => `${corpId}: ${warning}`)
  })
}
