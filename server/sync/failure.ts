import { ApiError } from '../http/errors.ts'
import type { Words } from '../http/words.ts'
import { describeError } from '../operation/log.ts'
import { explainErrcode, WecomError } from '../upstream/wecom/errors.ts'

/** An error as it is stored for administrators; the Chinese is what the log says. Each language is cut to `atMost`. */
export function failureWords(error: unknown, atMost = Number.POSITIVE_INFINITY): Words | string {
  // PostgreSQL has no text with NUL or half a character.
  const cut = (text: string) => text.replaceAll('\0', '').slice(0, atMost).toWellFormed()
  const zh = cut(describeError(error).error)
  if (error instanceof ApiError) return { zh, en: cut(`${error.name}: ${error.messageIn('en')}`) }
  if (!(error instanceof WecomError)) return zh
  const { name, path, errcode, errmsg } = error
  return { zh, en: cut(`${name}: ${path}: ${errcode} ${explainErrcode(errcode).text.en} (${errmsg})`) }
}
