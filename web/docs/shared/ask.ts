import type { CallRequest, Trial } from './call.ts'

/** Values by the names in braces of a sample input, such as `userId`. */
export type Samples = Record<string, unknown>

const named = /\{(\w+)\}/g

/**
 * The inputs with `{userId}` and the like replaced. What stands for a value that is not there is left out, so that the
 * form shows an empty field for it.
 */
export function fillInput(sampleInput: Record<string, unknown>, samples: Samples): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sampleInput).flatMap(([name, value]) => {
      const filled = fillValue(value, samples)
      const isEmpty = filled === undefined || (Array.isArray(filled) && filled.length === 0)
      return isEmpty ? [] : [[name, filled]]
    }),
  )
}

function fillValue(value: unknown, samples: Samples): unknown {
  if (Array.isArray(value)) return value.map(one => fillValue(one, samples)).filter(one => one !== undefined)
  if (typeof value === 'object' && value !== null) return fillInput({ ...value }, samples)
  if (typeof value !== 'string') return value
  const whole = /^\{(\w+)\}$/.exec(value)?.[1]
  if (whole) return samples[whole]
  const isWhole = [...value.matchAll(named)].every(([, name]) => samples[name ?? ''] !== undefined)
  return isWhole ? value.replace(named, (_all, name: string) => String(samples[name])) : undefined
}

/** Values that are made for each request. */
export function freshSamples(): Samples {
  const hex = (bytes: number) =>
    [...crypto.getRandomValues(new Uint8Array(bytes))].map(one => one.toString(16).padStart(2, '0')).join('')
  return {
    unique: hex(6),
    nonce: hex(16),
    proof: '0'.repeat(64),
    now: String(Math.floor(Date.now() / 1000)),
    jessionId: 'jessionId-of-your-page',
  }
}

/** The request of a call with these inputs; `base` is where the platform is, without a trailing slash. */
export function askOf(trial: Trial, input: Record<string, unknown>, base: string): CallRequest {
  const { method, path, needsToken, inputs } = trial
  const file = inputs.find(one => one.kind === 'file')
  if (file) {
    const text = String(input[file.name] ?? '')
    return { method, url: base + path, needsToken, file: { input: file.name, name: 'list.csv', text } }
  }
  if (method === 'POST') return { method, url: base + path, body: input, needsToken }
  const query = new URLSearchParams(
    Object.entries(input).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? value.join('|')
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value),
    ]),
  )
  return { method, url: `${base}${path}${query.size > 0 ? `?${query}` : ''}`, needsToken }
}
