import { existsSync, readFileSync } from 'node:fs'
import { type Group, groups } from './budgets.ts'

/** What test/setup.ts notes of a file of tests: its path from the root, and what its worker and the processes that it started took. */
export type Cost = { path: string; seconds: number; cpuSeconds: number }

/** Of a file that failed and ran again the second run counts. */
export function readCosts(file: string): Cost[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  const costs = lines.filter(line => line !== '').map(line => JSON.parse(line) as Cost)
  return [...new Map(costs.map(cost => [cost.path, cost])).values()]
}

type Sum = { group: Group; seconds: number; cpuSeconds: number }

function sums(costs: readonly Cost[]): Sum[] {
  const byGroup = Map.groupBy(costs, ({ path }) =>
    groups.find(({ paths }) => paths.some(start => path.startsWith(start))),
  )
  return groups.flatMap(group => {
    const own = byGroup.get(group) ?? []
    const sum = (of: 'seconds' | 'cpuSeconds') => own.reduce((all, cost) => all + cost[of], 0)
    return own.length > 0 ? [{ group, seconds: sum('seconds'), cpuSeconds: sum('cpuSeconds') }] : []
  })
}

/** A line for each group: seconds of workers, seconds of processors, and the budget of these. */
export function costLines(costs: readonly Cost[]): string[] {
  const lines = sums(costs).map(
    ({ group, seconds, cpuSeconds }) =>
      `${group.name.padEnd(22)}${seconds.toFixed(0).padStart(8)}${cpuSeconds.toFixed(0).padStart(8)}${String(group.budget).padStart(8)}`,
  )
  const head = `${'group'.padEnd(22)}${'worker s'.padStart(8)}${'CPU s'.padStart(8)}${'budget'.padStart(8)}`
  return lines.length > 0 ? ['', head, ...lines] : []
}

/**
 * A line for each group that is over its budget by half. Seconds of processors hardly depend on what else runs, but on how fast
 * the machine is, and somewhat on how full: what all groups take of their budgets, in the middle, is taken off a slow one.
 */
export function overBudget(costs: readonly Cost[]): string[] {
  const all = sums(costs).map(sum => ({ ...sum, share: sum.cpuSeconds / sum.group.budget }))
  const shares = all.map(({ share }) => share).sort((a, b) => a - b)
  const usual = Math.max(1, shares[Math.floor(shares.length / 2)] ?? 1)
  return all.flatMap(({ group, cpuSeconds, share }) =>
    share > 1.5 * usual
      ? [
          `${group.name} took ${cpuSeconds.toFixed(0)} s of processors, over its budget of ${group.budget} s (scripts/test/budgets.ts) by more than half, where the usual share is ${usual.toFixed(2)}; it counts as one failure.`,
        ]
      : [],
  )
}
