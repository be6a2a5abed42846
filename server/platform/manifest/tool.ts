import type { AnyEndpoint } from '../http/endpoint.ts'
import type { Words } from '../http/words.ts'

/** What a program that speaks MCP is offered: a call of the API, or a part of it. */
export type Tool = {
  name: string
  title: Words
  description: Words
  endpoint: Pick<AnyEndpoint<never>, 'path' | 'methods' | 'access' | 'input'>
  /** The call's inputs that are offered. */
  inputs: readonly string[]
  /** What is taken for inputs that are left out, where the call's own would be too much to read for a model. */
  defaults?: Readonly<Record<string, unknown>>
  /** Set by what changes something: it is done only when `confirm` is true. */
  isConfirmed?: true
}
