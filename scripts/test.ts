import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { seed } from '../test/soak.ts'
import { costLines, overBudget, readCosts } from './test/costs.ts'
import { withGates } from './test/gates.ts'
import { notAboutSql, storageTests } from './test/paths.ts'
import { languagesMissing, prepareSystem } from './test/system.ts'
import { add, closingLine, notRunLine, type Tally } from './test/tally.ts'
import { run, runTests } from './test/vitest.ts'

const onSystem = [...storageTests, ...notAboutSql.map(path => `--exclude=${path.replace(/\/$/, '/**')}`)]

/** Everything on wisp's own PostgreSQL; without a choice of tests also those of the storage on the system's. */
async function runAll(args: string[], env: Record<string, string>): Promise<Tally> {
  const versions = join(mkdtempSync(join(tmpdir(), 'wisp-versions-')), 'versions')
  writeFileSync(versions, '')
  const own = await runTests(args, { ...env, WISP_TEST_VERSIONS: versions })
  const system =
    args.length === 0
      ? await runTests(onSystem, { WISP_TEST_VERSIONS: versions, WISP_TEST_POSTGRES: 'system' })
      : { passed: 0, failed: 0, skipped: 0 }
  const names = new Set(readFileSync(versions, 'utf8').trim().split('\n'))
  rmSync(dirname(versions), { recursive: true })
  console.log(`\nOn ${[...names].join(', and the storage on ')}, with the seed ${seed}.`)
  return add(own, system)
}

/**
 * `npm test` builds the pages and runs every test, with types and lint beside them. Arguments are passed to vitest;
 * the last lines say what each group of tests took, which examples could not run, and the count.
 */
async function main(args: string[]): Promise<Tally> {
  const hasPages = await run('node', ['scripts/build-pages.ts'])
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
