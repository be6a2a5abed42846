import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { bin, root } from './test/run.ts'
import { prepareSystem } from './test/system.ts'
import { closingLine, failedFiles, type Run, readRun, sum, type Tally } from './test/tally.ts'

const againAtMost = 3

/**
 * `npm test` checks types and lint, builds the pages and runs every test. Arguments are passed to vitest; the
 * last line is the count.
 */
function run(name: string, args: string[]): boolean {
  console.log(`\n> ${[name, ...args].join(' ')}`)
  const { status, error } = spawnSync(join(bin, name), args, { cwd: root, stdio: 'inherit' })
  if (error) console.error(error.message)
  return status === 0
}

function runVitest(args: string[]): Run {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-tally-'))
  const file = join(dir, 'result.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const isGood = run('vitest', ['run', ...reporters, ...args])
    return readRun(file, isGood)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * The tests use real processes, browsers and deadlines, which can fail on a busy machine. A few failing files
 * are therefore run once more, alone. A file that passes then is named, because it has a fault to be found;
 * one that fails twice has failed.
 */
function runTests(args: string[]): Tally {
  const first = runVitest(args)
  const failed = failedFiles(first.files)
  if (failed.length === 0 || failed.length > againAtMost) return sum(first)
  console.log(`\n${failed.length} files failed; they run once more, alone.`)
  const again = runVitest(['--maxWorkers=1', ...failed])
  const unsteady = failed.filter(name => again.files.get(name)?.failed === 0)
  for (const name of unsteady) console.log(`Unsteady, failed and then passed: ${relative(root, name)}`)
  return sum(first, again)
}

if (!prepareSystem()) process.exit(1)
const gates = [
  { name: 'tsc', isGood: run('tsc', []) },
  { name: 'tsc -p web', isGood: run('tsc', ['-p', 'web']) },
  { name: 'biome', isGood: run('biome', ['check']) },
  { name: 'pages', isGood: run('node', ['scripts/build-pages.ts']) },
]
const tally = runTests(process.argv.slice(2))
const broken = gates.filter(gate => !gate.isGood)
for (const { name } of broken) console.log(`${name} failed; it counts as one failure.`)
tally.failed += broken.length
console.log(`\n${closingLine(tally)}`)
process.exit(tally.failed > 0 ? 1 : 0)
