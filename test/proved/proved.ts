import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { declaredFor } from './declared.ts'

/**
 * Programs that take long and passed with exactly these inputs need not run again. proved.json has a hash of the inputs by name, and is
 * committed, so that a fresh clone knows it too. `npm run soak` runs all of them.
 *
 * A wrong answer of the server shows in the examples of TypeScript, which run each time; what only these programs could show changes
 * with them, with the calls and events that they name, or with their tests.
 */
export type Proof = {
  name: string
  /** Patterns of files, from the root. The calls and events that these name are inputs too (`declared.ts`). */
  inputs: readonly string[]
  /** What counts of files that have other things in them too. */
  text?: string
  /** Commands that print the version of what the programs run on: another one has proved nothing. */
  versions?: readonly (readonly string[])[]
}

const root = resolve(import.meta.dirname, '../..')
const file = join(import.meta.dirname, 'proved.json')
// What compilers and interpreters leave is none of the inputs.
const exclude = ['**/out/**', '**/__pycache__/**', '**/*.exe']

type ProvedHashes = Record<string, string>

/** What of a version changes how programs run: `17.0`. */
function versionOf([program = '', ...args]: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return /\d+(\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? ''
}

const read = (): ProvedHashes =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProvedHashes) : {}

export function hashOf(
  { inputs, text = '', versions = [] }: Proof,
  at = root,
  declared = declaredFor,
): string {
  const paths = inputs.flatMap(pattern => globSync(pattern, { cwd: at, exclude }))
  const files = paths.filter(path => statSync(join(at, path)).isFile()).sort()
  const texts = files.map(path => [path, readFileSync(join(at, path), 'utf8')] as const)
  const calls = declared(`${text}${texts.map(([, one]) => one).join('')}`)
  const hash = createHash('sha256').update(JSON.stringify([text, versions.map(versionOf), calls]))
  for (const [path, one] of texts) hash.update(`${path}\0${one}\0`)
  return hash.digest('hex').slice(0, 32)
}

/** Whether it has to run; in a soak it does anyhow. */
export function isDue(proof: Proof, proved: ProvedHashes = read()): boolean {
  return proved[proof.name] !== hashOf(proof)
}

/**
 * Notes them at the end of a file of tests of which so many passed and none failed: a choice of tests by name proves nothing. What was
 * changed meanwhile is not proved.
 */
export function noteAtEnd(proofs: readonly Proof[], passedAtLeast: number): void {
  const hashes = proofs.map(one => [one.name, hashOf(one)])
  let passed = 0
  let hasFailed = false
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') hasFailed = true
    else passed++
  })
  afterAll(() => {
    if (!hasFailed && passed >= passedAtLeast) note(Object.fromEntries(hashes))
  })
}

/** Other workers read and write it too; one that loses its note runs its programs once more. */
export function note(hashes: ProvedHashes, into = file): void {
  const before = existsSync(into) ? readFileSync(into, 'utf8') : '{}'
  const proved = { ...(JSON.parse(before) as ProvedHashes), ...hashes }
  const sorted = Object.fromEntries(Object.entries(proved).sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = `${JSON.stringify(sorted, undefined, 2)}\n`
  if (text === before) return
  // Whole at any time.
  const aside = `${into}.${process.pid}`
  writeFileSync(aside, text)
  renameSync(aside, into)
}
