import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { bin, root } from './test/run.ts'
import { prepareSystem } from './test/system.ts'
import { add, closingLine, failedFiles, type Run, readRun, sum, type Tally } from './test/tally.ts'

const againAtMost = 3

/**
 * `npm test` checks types and lint, builds the pages and runs every test. Arguments are passed to vitest; the
 * last line is the count.
 */
function run(name: string, args: string[], env: Record<string, string> = {}): boolean {
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  console.log(`\n> ${[...settings, name, ...args].join(' ')}`)
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } } as const
  const { status, error } = spawnSync(join(bin, name), args, options)
  if (error) console.error(error.message)
  return status === 0
}

function runVitest(args: string[], env: Record<string, string> = {}): Run {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-tally-'))
  const file = join(dir, 'result.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const isGood = run('vitest', ['run', ...reporters, ...args], env)
    return readRun(file, isGood)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** What SQL sorts, compares, copies and locks. The embedded PostgreSQL's tests bring their own. */
const storageTests = [
  ...[
    'server/storage',
    'server/backup',
    'server/audit',
    'server/directory/write',
    'server/queue',
    'server/inbox',
  ],
  ...['server/messages/accept', 'server/messages/fate', '--exclude=server/storage/embedded/**'],
]

/**
 * The tests use real processes, browsers and deadlines, which can fail on a busy machine. A few failing files
 * are therefore run once more, alone. A file that passes then is named, because it has a fault to be found;
 * one that fails twice has failed.
 */
function runTests(args: string[], env: Record<string, string> = {}): Tally {
  const first = runVitest(args, env)
  const failed = failedFiles(first.files)
  if (failed.length === 0 || failed.length > againAtMost) return sum(first)
  console.log(`\n${failed.length} files failed; they run once more, alone.`)
  const again = runVitest(['--maxWorkers=1', ...failed], env)
  const unsteady = failed.filter(name => again.files.get(name)?.failed === 0)
  for (const name of unsteady) console.log(`Unsteady, failed and then passed: ${relative(root, name)}`)
  return sum(first, again)
}

/** Everything on wisp's own PostgreSQL; without a choice of tests also those of the storage on the system's. */
function runAll(args: string[]): Tally {
  const versions = join(mkdtempSync(join(tmpdir(), 'wisp-versions-')), 'versions')
  writeFileSync(versions, '')
  const own = runTests(args, { WISP_TEST_VERSIONS: versions })
  const system =
    args.length === 0
      ? runTests(storageTests, { WISP_TEST_VERSIONS: versions, WISP_TEST_POSTGRES: 'system' })
      : { passed: 0, failed: 0, skipped: 0 }
  const names = new Set(readFileSync(versions, 'utf8').trim().split('\n'))
  rmSync(dirname(versions), { recursive: true })
  console.log(`\nOn ${[...names].join(', and the storage on ')}.`)
  return add(own, system)
}

if (!prepareSystem()) process.exit(1)
const gates = [
  { name: 'tsc', isGood: run('tsc', []) },
  { name: 'tsc -p web', isGood: run('tsc', ['-p', 'web']) },
  { name: 'biome', isGood: run('biome', ['check']) },
  { name: 'pages', isGood: run('node', ['scripts/build-pages.ts']) },
]
const tally = runAll(process.argv.slice(2))
const broken = gates.filter(gate => !gate.isGood)
for (const { name } of broken) console.log(`${name} failed; it counts as one failure.`)
tally.failed += broken.length
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
