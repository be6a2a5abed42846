import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'

/** How a keyword is compared with a text; at equal priority the closer way is asked first. */
export const matches = ['exact', 'contains', 'regex'] as const
export type Match = (typeof matches)[number]

/** What rules look at in what has come in. `enter`: somebody opened the conversation. From `subscribe` to `unsubscribe` a person may be written to. */
export type IncomingEvent =
  | { kind: 'message'; type: string; text: string }
  | { kind: 'enter' | 'subscribe' | 'unsubscribe' | 'other' }
  | { kind: 'menu'; key: string }

/** People write keywords in wide or narrow characters, in capitals or not, and with blanks around them. */
export function normalize(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

const programAtMost = 1000

const compiled = new Map<string, RE2JS>()
const compiledAtMost = 5000

/** Takes linear time in whatever text (RE2's syntax, without look-around and back references). Throws 1000. */
export function compileRegex(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  const made = tryToCompile(pattern)
  if (made.programSize() > programAtMost)
    throw new ApiError('badParameter', {
      zh: told`正则表达式太大：${pattern}`,
      en: told`the regular expression is too large: ${pattern}`,
    })
  if (compiled.size >= compiledAtMost) compiled.clear()
  compiled.set(pattern, made)
  return made
}

const require = createRequire(import.meta.url)

function tryToCompile(pattern: string): RE2JS {
  // Loaded with the first expression: commands start without it.
  const library = require('re2js') as typeof import('re2js')
  try {
    return library.RE2JS.compile(pattern)
  } catch (error) {
    if (!(error instanceof library.RE2JSException)) throw error
    throw new ApiError('badParameter', {
      zh: told`正则表达式无效（不支持环视与反向引用）：${error.message}`,
      en: told`the regular expression is not valid (there is no look-around and no back reference): ${error.message}`,
    })
  }
}

/** Whether a text fits one of the keywords. Regular expressions see the text as it was written. */
export function matcherOf(
  match: Match,
  words: readonly string[],
): (text: string, normalized: string) => boolean {
  if (match === 'regex') {
    const patterns = words.map(compileRegex)
    return text => patterns.some(pattern => pattern.test(text))
  }
  const wanted = words.map(normalize)
  return match === 'exact'
    ? (_text, normalized) => wanted.includes(normalized)
    : (_text, normalized) => wanted.some(word => normalized.includes(word))
}
