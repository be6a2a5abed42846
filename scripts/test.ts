import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { seed } from '../test/soak.ts'
import { costLines, overBudget, readCosts } from './test/costs.ts'
import { withGates } from './test/gates.ts'
import { waiting, without } from './test/paths.ts'
import { languagesMissing, prepareSystem } from './test/system.ts'
import { closingLine, notRunLine, type Tally } from './test/tally.ts'
import { type Part, run, runTests } from './test/vitest.ts'

/** A gigabyte or so for each worker: its modules, its Chromium, the programs that its tests start. */
const workersInMemory = Math.floor(process.availableMemory() / 1.2e9)
/** For two processors: what computes leaves little idle, and what waits takes little from it. */
const computingWorkers = 3
const waitingWorkers = 3

/**
 * The runs of vitest, each with a database server of its own. Tests that wait run beside those that compute; without the memory for
 * that, all in one.
 */
function listsOf(env: Record<string, string>): Part[][] {
  if (workersInMemory < computingWorkers + waitingWorkers) return [[{ args: [], env }]]
  // Two runs cannot both draw their progress at the end of a terminal: on CI vitest draws none.
  const beside = { ...env, CI: 'true' }
  return [
    [{ args: [`--maxWorkers=${computingWorkers}`, ...waiting.map(without)], env: beside }],
    [{ args: [`--maxWorkers=${waitingWorkers}`, ...waiting], env: beside }],
  ]
}

/** Everything, or a choice of tests, on wisp's own PostgreSQL. */
async function runAll(args: string[], costs: Record<string, string>): Promise<Tally> {
  const versions = join(mkdtempSync(join(tmpdir(), 'wisp-versions-')), 'versions')
  writeFileSync(versions, '')
  const env = { WISP_TEST_VERSIONS: versions, ...costs }
  const lists = args.length > 0 ? [[{ args, env }]] : listsOf(env)
  const tally = await runTests(...lists)
  const names = [...new Set(readFileSync(versions, 'utf8').trim().split('\n'))]
  rmSync(dirname(versions), { recursive: true })
  console.log(`\nOn ${names.join(' and ')}, with the seed ${seed}.`)
  return tally
}

/**
 * `npm test` builds the pages and runs every test, with types and lint beside them. Arguments are passed to vitest;
 * the last lines say what each group of tests took, which examples could not run, and the count.
 */
async function main(args: string[]): Promise<Tally> {
  // Else each worker that needs one of the latter would build it, in the time of its test; it says itself what is wrong with it.
  const programs = args.length === 0 ? ['scripts/build-commands.ts', 'test/journeys/built-server.ts'] : []
  const [hasPages] = await Promise.all(['scripts/build-pages.ts', ...programs].map(one => run('node', [one])))
  const costsFile = join(mkdtempSync(join(tmpdir(), 'wisp-costs-')), 'costs')
  const tally = await runAll(args, { WISP_TEST_COSTS: costsFile })
  const costs = readCosts(costsFile)
  rmSync(dirname(costsFile), { recursive: true })
  for (const line of costLines(costs)) console.log(line)
  // A choice of tests says nothing about the rest of its group.
  const over = args.length === 0 ? overBudget(costs) : []
  for (const line of over) console.log(line)
  if (!hasPages) console.log('the build of the pages failed; it counts as one failure.')
  return { ...tally, failed: tally.failed + over.length + (hasPages ? 0 : 1) }
}

if (!prepareSystem()) process.exit(1)
const tally = await withGates(() => main(process.argv.slice(2)))
for (const language of languagesMissing()) console.log(notRunLine(language))
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
