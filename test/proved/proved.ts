import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, afterEach } from 'vitest'

/**
 * Programs that take long and passed with exactly these inputs need not run again. proved.json has a hash of the inputs by name, and is
 * committed, so that a fresh clone knows it too. `npm run soak` runs all of them.
 *
 * A wrong answer of the server shows in the examples of curl and TypeScript, which run each time; what only these programs could show
 * changes with them, with the declared calls and events, or with their tests.
 */
export type Proof = {
  name: string
  /** Patterns of files, from the root. */
  inputs: readonly string[]
  /** What counts of files that have other things in them too. */
  text?: string
}

const root = resolve(import.meta.dirname, '../..')
const file = join(import.meta.dirname, 'proved.json')
/** The declared calls and events. */
const api = 'sdk/server/generated/*.ts'
// What compilers and interpreters leave is none of the inputs.
const exclude = ['**/out/**', '**/__pycache__/**', '**/*.exe']

type ProvedHashes = Record<string, string>

const read = (): ProvedHashes =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProvedHashes) : {}

export function hashOf({ inputs, text = '' }: Proof, at = root): string {
  const paths = [api, ...inputs].flatMap(pattern => globSync(pattern, { cwd: at, exclude }))
  const hash = createHash('sha256').update(text)
  for (const path of paths.sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(at, path)))
      .update('\0')
  return hash.digest('hex').slice(0, 32)
}

/** Whether it has to run; in a soak it does anyhow. */
export function isDue(proof: Proof, proved: ProvedHashes = read()): boolean {
  return proved[proof.name] !== hashOf(proof)
}

/** Notes them at the end of a file of tests of which so many passed and none failed: a choice of tests by name proves nothing. */
export function noteAtEnd(proofs: readonly Proof[], passedAtLeast: number): void {
  let passed = 0
  let hasFailed = false
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') hasFailed = true
    else passed++
  })
  afterAll(() => {
    if (!hasFailed && passed >= passedAtLeast) note(proofs)
  })
}

function note(proofs: readonly Proof[]): void {
  const proved = { ...read(), ...Object.fromEntries(proofs.map(one => [one.name, hashOf(one)])) }
  const sorted = Object.fromEntries(Object.entries(proved).sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = `${JSON.stringify(sorted, undefined, 2)}\n`
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}
