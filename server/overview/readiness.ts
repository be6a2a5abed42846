import { sql } from 'kysely'
import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { lastDiagnosis } from '../corps/doctor/doctor.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { type Language, wordsIn } from '../http/words.ts'
import type { Readiness } from '../operation/health.ts'
import { syncStatus } from '../sync/status.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

/** For /readyz: what keeps this node from answering, and what else needs somebody. */
export function readinessOf(ctx: Needs): Readiness {
  return { problems: () => readProblems(ctx), warnings: language => readWarnings(ctx, language) }
}

async function readProblems(ctx: Needs): Promise<string[]> {
  if (ctx.stopping.aborted) return ['stopping']
  if (ctx.availability.awaySince() !== undefined) return ['database does not answer']
  try {
    await sql`select 1`.execute(ctx.db)
  } catch {
    return ['database does not answer']
  }
  const loaded = new Set(ctx.mirrors.loaded().map(mirror => mirror.corpId))
  return ctx.corps
    .all()
    .flatMap(corp => (loaded.has(corp.corpId) ? [] : [`address book of ${corp.corpId} is being loaded`]))
}

/** Nothing of it asks upstream. */
async function readWarnings(ctx: Needs, language: Language): Promise<string[]> {
  const perCorp = ctx.corps.all().map(async corp => {
    const { corpId } = corp
    const [status, diagnosis] = await Promise.all([
      syncStatus(ctx, corpId),
      lastDiagnosis(ctx, corpId, language),
    ])
    const run = status.runs.find(one => one.kind !== 'dry-run')
    const warnings: string[] = []
    if (!run) warnings.push('never synced')
    const why = wordsIn(language, run?.error ?? '')
    if (run?.state === 'failed') warnings.push(`sync run ${run.id} failed: ${why}`)
    if (run?.state === 'approval') warnings.push(`sync run ${run.id} waits for approval: ${why}`)
    if (status.inbox.parked > 0) warnings.push(`${status.inbox.parked} contact events are parked`)
    if (!corp.callbackVerifiedAt) warnings.push('WeCom never verified the callback')
    if (diagnosis && diagnosis.failed.length > 0) {
      const at = new Date(diagnosis.at).toISOString()
      warnings.push(`the doctor of ${at} found failing: ${diagnosis.failed.join(', ')}`)
    }
    return warnings.map(warning => `${corpId}: ${warning}`)
  })
  return (await Promise.all(perCorp)).flat()
}
