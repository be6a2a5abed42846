import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../core.ts'
import { DatabaseAway, memoryAnswersMs } from '../storage/availability.ts'
import type { Database } from '../storage/database.ts'
import type { Language } from '../words.ts'
import type { Readiness } from './health.ts'

const warningsWithinMs = 3000

/** What needs somebody's attention, of which corp. */
type Warnings = { warnings(language: Language): Promise<{ corpId: string; text: string }[]> }

type Needs = Core & { database: Pick<Database, 'room' | 'presence'>; offered: Warnings }

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

/** The warnings come from wisp's own data, without a call to upstream, and are read for all corps at once. */
async function readWarnings(ctx: Needs, language: Language): Promise<string[]> {
  const why = ctx.availability.why()
  const away = `the database does not answer: memory does for ${memoryAnswersMs / 1000} s${why && ` (${why})`}`
  if (ctx.availability.awaySince() !== undefined) return [away]
  // What waits takes all connections, so that nothing can be read either.
  const waiting = ctx.database.presence?.problem()
  if (waiting) return [waiting]
  try {
    // A balancer does not wait for who waits.
    const found = await Promise.race([ctx.offered.warnings(language), delay(warningsWithinMs, undefined)])
    if (!found) return ['the database answers too slowly to say what needs attention']
    const { presence } = ctx.database
    const own = [presence?.nameProblem(), presence?.clockProblem()].filter(one => one !== undefined)
    return [...own, ...found.map(({ corpId, text }) => `${corpId}: ${text}`)]
  } catch (error) {
    if (error instanceof DatabaseAway) return [away]
    throw error
  }
}
