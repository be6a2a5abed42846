import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { bin, root } from './run.ts'
import { add, failedFiles, type Run, readRun, sum, type Tally } from './tally.ts'

const againAtMost = 10

/** Runs a command of node_modules, and says so. Resolves with whether it succeeded. */
export async function run(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  console.log(`\n> ${[...settings, name, ...args].join(' ')}`)
  const child = spawn(join(bin, name), args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  const [status] = await once(child, 'exit')
  return status === 0
}

/** Some of the tests, with what distinguishes this run of them. */
export type Part = { args: readonly string[]; env?: Record<string, string> }

async function runVitest({ args, env }: Part): Promise<Run> {
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
 * Runs the parts of a list one after another, and the lists beside each other. The tests use real processes, browsers and deadlines,
 * which can fail on a busy machine. A few failing files are therefore run once more, alone. A file that passes then is named, because it
 * has a fault to be found; one that fails twice has failed.
 */
export async function runTests(...lists: (readonly Part[])[]): Promise<Tally> {
  const runs = (await Promise.all(lists.map(runInTurn))).flat()
  const failed = runs.flatMap(({ first }) => failedFiles(first.files))
  const isFew = failed.length > 0 && failed.length <= againAtMost
  if (isFew) console.log(`\n${failed.length} files failed; they run once more, alone.`)
  let tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  for (const one of runs) tally = add(tally, isFew ? await runAgain(one) : sum(one.first))
  return tally
}

type FirstRun = { part: Part; first: Run }

async function runInTurn(parts: readonly Part[]): Promise<FirstRun[]> {
  const runs: FirstRun[] = []
  for (const part of parts) runs.push({ part, first: await runVitest(part) })
  return runs
}

async function runAgain({ part, first }: FirstRun): Promise<Tally> {
  const failed = failedFiles(first.files)
  if (failed.length === 0) return sum(first)
  const again = await runVitest({ ...part, args: ['--maxWorkers=1', ...failed] })
  const unsteady = failed.filter(name => again.files.get(name)?.failed === 0)
  for (const name of unsteady) console.log(`Unsteady, failed and then passed: ${relative(root, name)}`)
  return sum(first, again)
}
