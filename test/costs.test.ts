import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { groups } from '../scripts/test/budgets.ts'
import { type Cost, costLines, overBudget, readCosts } from '../scripts/test/costs.ts'
import { cpuSeconds } from '../scripts/test/cpu.ts'
import { findTests, inOrder, rules, testsNear } from '../scripts/test/paths.ts'

/** A file of each group that takes this share of the group's budget. */
const allAt = (share: number, others: Record<string, number> = {}): Cost[] =>
  groups.map(({ name, paths, budget }) => ({
    path: `${paths[0]}a.test.ts`,
    seconds: budget,
    cpuSeconds: budget * (others[name] ?? share),
  }))

it('a group over its budget by half fails, on a slow machine only if it is slower than the others', () => {
  expect(overBudget(allAt(1))).toEqual([])
  expect(overBudget(allAt(1, { cli: 1.4 }))).toEqual([])
  expect(overBudget(allAt(0.5, { cli: 1.6 }))).toEqual([expect.stringContaining('cli took')])
  expect(overBudget(allAt(3))).toEqual([])
  expect(overBudget(allAt(3, { browser: 5 }))).toEqual([expect.stringContaining('browser took')])
})

it('costs are summed by group, and each file of tests is in one that is not for others only', () => {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-costs-'))
  const file = join(dir, 'costs')
  const costs = ['a', 'b'].map(name => ({ path: `server/cli/${name}.test.ts`, seconds: 10, cpuSeconds: 4 }))
  writeFileSync(file, costs.map(cost => `${JSON.stringify(cost)}\n`).join(''))
  expect(readCosts(file)).toEqual(costs)
  rmSync(dir, { recursive: true })
  expect(readCosts(file)).toEqual([])
  expect(costLines(costs).at(-1)).toMatch(/^cli +20 +8 +\d+$/)
  for (const { name, paths } of groups)
    expect(
      findTests().some(test => paths.some(start => test.startsWith(start))),
      name,
    ).toBe(true)
})

it.runIf(process.platform === 'linux')('the CPU of processes that were waited for counts', () => {
  const before = cpuSeconds() ?? 0
  const program = 'const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end);'
  execFileSync(process.execPath, ['-e', program])
  expect((cpuSeconds() ?? 0) - before).toBeGreaterThanOrEqual(0.3)
})

it('what takes longest begins first', () => {
  const files = ['server/a', 'test/browser/a', 'test/journeys/a', 'server/cli/cli']
  expect(inOrder(files, file => file)).toEqual([
    'server/cli/cli',
    'test/journeys/a',
    'test/browser/a',
    'server/a',
  ])
})

it('what was changed leads to the tests beside it, of pages to those of their name', () => {
  const tests = findTests()
  expect(rules.filter(path => !tests.includes(path))).toEqual([])
  expect(testsNear(['test/paths.test.ts', 'README.md', 'server/server.ts'])).toEqual(['test/paths.test.ts'])
  const near = testsNear(['server/features/webhooks/secrets.ts'])
  expect(near.length).toBeGreaterThan(0)
  expect(near.every(path => path.startsWith('server/features/webhooks/'))).toBe(true)
  expect(testsNear(['web/console/webhooks/list.tsx'])).toContain('test/browser/webhooks.test.ts')
  expect(testsNear(['test/soak/haproxy.ts'])).toEqual([])
})
