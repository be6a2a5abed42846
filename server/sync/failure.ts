import { ApiError } from '../http/errors.ts'
import type { Words } from '../http/words.ts'
import { describeError } from '../operation/log.ts'
import { explainErrcode, WecomError } from '../upstream/wecom/errors.ts'

/** An error in the form stored for administrators. The Chinese text equals the log's. Each language is cut to `atMost`. */
export function failureWords(error: unknown, atMost = Number.POSITIVE_INFINITY): Words | string {
  // PostgreSQL text cannot hold NUL or half of a surrogate pair.
  const cut = (text: string) => text.replaceAll('\0', '').slice(0, atMost).toWellFormed()
  const zh = cut(describeError(error).error)
  if (error instanceof ApiError) return { zh, en: cut(`${error.name}: ${error.messageIn('en')}`) }
  if (!(error instanceof WecomError)) return zh
  const { name, path, errcode, errmsg } = error
  return { zh, en: cut(`${name}: ${path}: ${errcode} ${explainErrcode(errcode).text.en} (${errmsg})`) }
}
