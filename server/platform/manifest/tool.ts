import type { Caller } from '../http/caller.ts'
import type { AnyEndpoint } from '../http/endpoint.ts'
import type { Language, Words } from '../words.ts'

/** How a tool that changes something is previewed, and done only after that. */
export type ToolConfirmation<C> = {
  /** What the call would do; nothing is stored. The address book is in memory. Throws as the call does. */
  preview: (ctx: C, developer: Caller, given: Record<string, unknown>, language: Language) => Promise<object>
  /** Whether the call was made under this id before, and answers the same again. */
  wasMade?: (ctx: C, developer: Pick<Caller, 'corpId' | 'devId'>, requestId: string) => Promise<boolean>
}

/** What a program that speaks MCP is offered: a call of the API, or a part of it. */
export type Tool<C = unknown> = {
  name: string
  title: Words
  description: Words
  endpoint: Pick<AnyEndpoint<never>, 'path' | 'methods' | 'access' | 'input'>
  /** The call's inputs that are offered. */
  inputs: readonly string[]
  /** Defaults for inputs that are left out, where the call's own default would give a model too much to read. */
  defaults?: Readonly<Record<string, unknown>>
  /** Set for tools that change something: they do it only when `confirm` is true. */
  confirmed?: ToolConfirmation<C>
}

/** Any of them, for code that works with all. */
export type AnyTool = Tool<never>
