export type UnknownVariable = { name: string; nearest: string | undefined }

/** Read by the demo, the sandbox, tests and compose, whose processes share an environment with the server. */
const ofOthers = /^WISP_((SANDBOX|SAMPLE|DEMO|TEST|FUZZ)_\w+|PUBLISHED_PORT|URL|TOKEN_FILE)$/

/** The `WISP_…` variables that nobody reads, each with the known name that it most resembles. */
export function unknownVariables(
  env: Record<string, string | undefined>,
  known: readonly string[],
): UnknownVariable[] {
  return Object.keys(env)
    .filter(name => /^WISP_/i.test(name) && env[name] && !known.includes(name) && !ofOthers.test(name))
    .map(name => ({ name, nearest: nearestOf(name, known) }))
}

/** Undefined when more than a third of the letters would have to change. */
function nearestOf(name: string, known: readonly string[]): string | undefined {
  const upper = name.toUpperCase()
  const [best] = known
    .map(one => ({ one, edits: editsBetween(upper, one) }))
    .sort((a, b) => a.edits - b.edits)
  return best && best.edits <= (name.length - 'WISP_'.length) / 3 + 1 ? best.one : undefined
}

/** How many letters must be put in, taken away or replaced (Levenshtein). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
