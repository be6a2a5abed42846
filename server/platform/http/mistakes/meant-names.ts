import type { ApiError } from '../errors.ts'
import type { UnknownName } from './unknown-names.ts'

/** Whether the text has this name as a word of its own. The name is the caller's. */
function isNamed(text: string, name: string): boolean {
  return new RegExp(`(?<!\\w)${RegExp.escape(name)}(?!\\w)`).test(text)
}

/** A refusal of inputs, which then also says of each mistyped name what was probably meant. Other failures stay as they are. */
export function withMeantNames(failure: ApiError, unknown: readonly UnknownName[] = []): ApiError {
  const isAboutInputs = failure.error === 'badParameter' || failure.error === 'missingParameter'
  if (!isAboutInputs || failure.status !== 200) return failure
  const told = unknown.filter(({ name, nearest }) => name && nearest && !isNamed(failure.message, name))
  if (told.length === 0) return failure
  const listed = (of: (one: UnknownName) => string) => told.map(of)
  return failure.withMore({
    zh: `（${listed(({ name, nearest }) => `收到 ${name}，应为 ${nearest}`).join('；')}）`,
    en: `(${listed(({ name, nearest }) => `got ${name}, which should be ${nearest}`).join('; ')})`,
  })
}
