/** What the site knows of a JSON schema. */
export type Schema = {
  type?: string
  description?: string
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  required?: readonly string[]
  items?: Schema
  default?: unknown
  examples?: readonly unknown[]
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  contentMediaType?: string
}

/**
 * One input of a call as the form of the page shows it. `json` is written as JSON, `list` is an array of texts, `file` is what stands in a
 * text file.
 */
export type Input = {
  name: string
  required: boolean
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'json' | 'file'
  choices: readonly string[]
}

/** What trying a call takes: it stands in the page, and snippets are made of it. */
export type Trial = {
  method: 'GET' | 'POST'
  path: string
  needsToken: boolean
  scope: string
  /** What the corp must have switched on. */
  feature: { name: string; title: string } | undefined
  inputs: readonly Input[]
  sampleInput: Record<string, unknown>
  /** What stands in snippets until a developer's own values are known. */
  example: Record<string, unknown>
}

/** A request as it is sent and shown. */
export type CallRequest = {
  method: 'GET' | 'POST'
  url: string
  body?: Record<string, unknown>
  /** Of a call that takes a file: the text in it, and the name of the input. */
  file?: { input: string; name: string; text: string }
  needsToken: boolean
}
