import { escapeHtml } from '../../platform/http/answers/escape-html.ts'

/** docs/upstream/cas.md#failures */
export type FailureCode =
  | 'INVALID_REQUEST'
  | 'INVALID_TICKET_SPEC'
  | 'INVALID_TICKET'
  | 'INVALID_SERVICE'
  | 'INTERNAL_ERROR'

export type Failure = { code: FailureCode; text: string }

export type Success = {
  user: string
  /** Undefined where the version of the protocol has none. */
  attributes: Attributes | undefined
}

export type Attributes = readonly (readonly [name: string, values: readonly (string | boolean)[]])[]

export type Format = 'XML' | 'JSON'

/** The order of children is that of the protocol's schema, and the prefix is bound, because clients look for `cas:` as text. */
export function validationAnswer(format: Format, outcome: Success | Failure): string {
  const isFailure = 'code' in outcome
  if (format === 'JSON')
    return JSON.stringify({ serviceResponse: isFailure ? failureJson(outcome) : successJson(outcome) })
  return `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${
    isFailure ? failureXml(outcome) : successXml(outcome)
  }</cas:serviceResponse>`
}

/** Returns the answer of version 1: clients read the second line. */
export function plainAnswer(outcome: Success | Failure): string {
  return 'code' in outcome ? 'no\n\n' : `yes\n${outcome.user}\n`
}

function successXml({ user, attributes }: Success): string {
  const within = attributes
    ?.flatMap(([name, values]) => values.map(value => `<cas:${name}>${xmlText(String(value))}</cas:${name}>`))
    .join('')
  const all = within === undefined ? '' : `<cas:attributes>${within}</cas:attributes>`
  return `<cas:authenticationSuccess><cas:user>${xmlText(user)}</cas:user>${all}</cas:authenticationSuccess>`
}

function failureXml({ code, text }: Failure): string {
  return `<cas:authenticationFailure code="${code}">${xmlText(text)}</cas:authenticationFailure>`
}

function successJson({ user, attributes }: Success): object {
  const named = attributes?.map(([name, values]) => [name, values.length === 1 ? values[0] : values])
  return { authenticationSuccess: { user, ...(named && { attributes: Object.fromEntries(named) }) } }
}

function failureJson({ code, text }: Failure): object {
  return { authenticationFailure: { code, description: text } }
}

/** XML 1.0 cannot hold control characters, not even escaped ones, nor halves of characters. */
function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return escapeHtml(text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''))
}
