import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { bin, root } from './run.ts'
import { failedFiles, type Run, readRun, sum, type Tally } from './tally.ts'

const againAtMost = 3

/** Runs a command of node_modules, and says so. Resolves with whether it succeeded. */
export async function run(name: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  console.log(`\n> ${[...settings, name, ...args].join(' ')}`)
  const child = spawn(join(bin, name), args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  const [status] = await once(child, 'exit')
  return status === 0
}

async function runVitest(args: string[], env: Record<string, string> = {}): Promise<Run> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-tally-'))
  const file = join(dir, 'result.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const isGood = await run('vitest', ['run', ...reporters, ...args], env)
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
export async function runTests(args: string[], env: Record<string, string> = {}): Promise<Tally> {
  const first = await runVitest(args, env)
  const failed = failedFiles(first.files)
  if (failed.length === 0 || failed.length > againAtMost) return sum(first)
  console.log(`\n${failed.length} files failed; they run once more, alone.`)
  const again = await runVitest(['--maxWorkers=1', ...failed], env)
  const unsteady = failed.filter(name => again.files.get(name)?.failed === 0)
  for (const name of unsteady) console.log(`Unsteady, failed and then passed: ${relative(root, name)}`)
  return sum(first, again)
}
