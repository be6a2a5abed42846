import type { Translator } from '../../../ui/text.ts'

/** The word for a code of the server, or the code itself where a newer server has one that these pages do not know. */
export function words(t: Translator<'payments-bills'>, prefix: string, code: string): string {
  const key = `${prefix}${code}`
  const text = t(key as Parameters<typeof t>[0])
  return text === key ? code : text
}
