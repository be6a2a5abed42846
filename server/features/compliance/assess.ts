import type { Words } from '../../platform/words.ts'
import { type Check, type Finding, type Place, places, type Verdict, verdicts } from './check.ts'
import { dataChecks, managementChecks } from './data-checks.ts'
import { identityChecks } from './identity-checks.ts'
import { recordChecks } from './record-checks.ts'
import { type AssessNeeds, assessedState } from './state.ts'

/** All checks, in the order of the standard. A new one is a row of the list that it belongs to. */
export const checks: readonly Check[] = [
  ...identityChecks,
  ...recordChecks,
  ...dataChecks,
  ...managementChecks,
]

export type AssessedClause = Finding & {
  clause: string
  asks: Words
  place: Place | undefined
}

/** How a corp on this installation stands with each clause. */
export async function assess(
  ctx: AssessNeeds,
  corpId: string,
): Promise<{ list: AssessedClause[]; counts: Record<Verdict, number> }> {
  const state = await assessedState(ctx, corpId)
  const list = checks.map(({ clause, asks, place, find }) => ({
    clause,
    asks,
    place: place && places[place],
    ...find(state),
  }))
  const countOf = (verdict: Verdict) => list.filter(one => one.verdict === verdict).length
  const counts = Object.fromEntries(verdicts.map(verdict => [verdict, countOf(verdict)]))
  return { list, counts: counts as Record<Verdict, number> }
}
