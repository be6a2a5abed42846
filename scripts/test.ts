import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { seed } from '../test/soak.ts'
import { notAboutSql, storageTests } from './test/paths.ts'
import { bin, root } from './test/run.ts'
import { languagesMissing, prepareSystem } from './test/system.ts'
import { add, closingLine, notRunLine, type Tally } from './test/tally.ts'
import { run, runTests } from './test/vitest.ts'

/** Types and lint. They run beside the tests, and take only what these leave of the processors. */
const gates = [['tsc'], ['tsc', '-p', 'web'], ['biome', 'check']] as const

/** Resolves with the lines of a gate that failed; says at once what it found. */
async function check([name, ...args]: (typeof gates)[number]): Promise<string | undefined> {
  const child = spawn(join(bin, name), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  const [[status], ...output] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ])
  const line = [name, ...args].join(' ')
  console.log(`\n> ${line}: ${status === 0 ? 'good' : 'failed'}\n${output.join('')}`.trimEnd())
  return status === 0 ? undefined : line
}

const onSystem = [...storageTests, ...notAboutSql.map(path => `--exclude=${path.replace(/\/$/, '/**')}`)]

/** Everything on wisp's own PostgreSQL; without a choice of tests also those of the storage on the system's. */
async function runAll(args: string[]): Promise<Tally> {
  const versions = join(mkdtempSync(join(tmpdir(), 'wisp-versions-')), 'versions')
  writeFileSync(versions, '')
  const own = await runTests(args, { WISP_TEST_VERSIONS: versions })
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
 * the last lines say which examples could not run, and the count.
 */
async function main(args: string[]): Promise<Tally> {
  const checking = Promise.all(gates.map(check))
  const hasPages = await run('node', ['scripts/build-pages.ts'])
  const tally = await runAll(args)
  const broken = (await checking).filter(line => line !== undefined)
  if (!hasPages) broken.push('the build of the pages')
  for (const line of broken) console.log(`${line} failed; it counts as one failure.`)
  return { ...tally, failed: tally.failed + broken.length }
}

if (!prepareSystem()) process.exit(1)
const tally = await main(process.argv.slice(2))
for (const language of languagesMissing()) console.log(notRunLine(language))
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
