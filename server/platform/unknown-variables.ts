import { editsBetween } from './nearest.ts'

export type UnknownVariable = { name: string; nearest: string | undefined }

/** Read by the demo, the sandbox, tests, compose and the command line, whose processes share an environment with the server. */
const ofOthers = /^WISP_((SANDBOX|SAMPLE|DEMO|TEST|FUZZ)_\w+|PUBLISHED_PORT|URL|TOKEN_FILE|TOTP)$/

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
