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
  /** Defaults for inputs that are left out, where the call's own default would give a model too much to read. */
  defaults?: Readonly<Record<string, unknown>>
  /** Set for tools that change something: they do it only when `confirm` is true. */
  isConfirmed?: true
}
