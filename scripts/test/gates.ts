import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { bin, root } from './run.ts'
import type { Tally } from './tally.ts'

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

/** Checks types and lint beside the tests; each that fails counts as one failure. */
export async function withGates(tests: () => Promise<Tally>): Promise<Tally> {
  const checking = Promise.all(gates.map(check))
  const tally = await tests()
  const broken = (await checking).filter(line => line !== undefined)
  for (const line of broken) console.log(`${line} failed; it counts as one failure.`)
  return { ...tally, failed: tally.failed + broken.length }
}
