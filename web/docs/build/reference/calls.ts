import type { Input, Schema, Trial } from '../../shared/call.ts'

/** The part of an OpenAPI document that the site reads (server/platform/http/openapi.ts makes it). */
export type OpenApi = {
  tags: readonly { name: string }[]
  paths: Record<string, Record<string, Operation>>
  webhooks: Record<string, { post: EventOperation }>
  'x-errors': readonly { code: string; name: string; text: string }[]
  'x-scopes': readonly ScopeDoc[]
}
/** A scope of developers. `byDefault`: new ones have it. */
export type ScopeDoc = { name: string; text: string; byDefault: boolean }
type Operation = {
  summary: string
  description?: string
  tags: readonly string[]
  security: readonly unknown[]
  parameters?: readonly { name: string; required: boolean; schema: Schema; example?: unknown }[]
  /** One kind of body: JSON, or a form where the call takes a file. */
  requestBody?: { content: Record<string, { schema: Schema; example: Record<string, unknown> }> }
  responses: Record<string, { content: Record<string, Media> }>
  'x-section': string
  'x-scope'?: string
  'x-admin-scope'?: string
  'x-feature'?: { name: string; title: string }
  'x-errors': readonly string[]
  'x-sample-input'?: Record<string, unknown>
}
type EventOperation = {
  summary: string
  description: string
  requestBody: { content: { 'application/json': { schema: Schema; example: unknown } } }
  'x-scope'?: string
  'x-feature'?: { name: string; title: string }
}
type Media = { schema: Schema; example?: string; examples?: Record<string, { value: unknown }> }

export type Field = { name: string; required: boolean; schema: Schema }

export type Call = Trial & {
  /** The end of the page's address. */
  slug: string
  methods: readonly string[]
  topic: string
  summary: string
  description: string
  section: string
  fields: readonly Field[]
  /** The content type of a successful answer that is no JSON, otherwise ''. */
  media: string
  /** The schema of `body`; undefined where the answer is no JSON. */
  body: Schema | undefined
  /** A whole answer as text; '' for pictures. */
  sample: string
  errors: readonly string[]
  /** Of a call of management, which takes an admin token and is not tried from here; '' of all others. */
  adminScope: string
}

/** `/api/user/get` is `user-get`, `/admin/syncController/callback` is `admin-syncController-callback`. */
export function slugOf(path: string): string {
  return path.replace(/^\/(api\/)?/, '').replaceAll('/', '-')
}

export function callsOf(document: OpenApi): Call[] {
  return Object.entries(document.paths).map(([path, operations]) => {
    const [[method = '', operation]] = Object.entries(operations) as [[string, Operation]]
    const media = operation.responses['200']?.content ?? {}
    const answer = media['application/json']
    const other = Object.keys(media).find(type => type !== 'application/json') ?? ''
    const fields = fieldsOf(operation)
    return {
      slug: slugOf(path),
      path,
      method: method.toUpperCase() as 'GET' | 'POST',
      methods: Object.keys(operations).map(one => one.toUpperCase()),
      topic: operation.tags[0] ?? '',
      summary: operation.summary,
      description: operation.description ?? '',
      section: operation['x-section'],
      scope: operation['x-scope'] ?? '',
      adminScope: operation['x-admin-scope'] ?? '',
      feature: operation['x-feature'],
      needsToken: operation.security.length > 0,
      fields,
      inputs: fields.map(inputOf),
      sampleInput: operation['x-sample-input'] ?? {},
      example: exampleOf(operation),
      media: other,
      body: other ? undefined : answer?.schema.properties?.['body'],
      sample: other
        ? (media[other]?.example ?? '')
        : JSON.stringify(answer?.examples?.['success']?.value, null, 2),
      errors: operation['x-errors'],
    }
  })
}

function fieldsOf({ parameters, requestBody }: Operation): Field[] {
  if (parameters) return [...parameters]
  return fieldsIn(bodyOf(requestBody)?.schema ?? {})
}

function bodyOf(requestBody: Operation['requestBody']) {
  return Object.values(requestBody?.content ?? {})[0]
}

function exampleOf({ parameters, requestBody }: Operation): Record<string, unknown> {
  if (!parameters) return bodyOf(requestBody)?.example ?? {}
  return Object.fromEntries(
    parameters.flatMap(({ name, example }) => (example === undefined ? [] : [[name, example]])),
  )
}

function inputOf({ name, required, schema }: Field): Input {
  if (schema.contentMediaType) return { name, required, kind: 'file', choices: [] }
  if (schema.type === 'boolean') return { name, required, kind: 'boolean', choices: ['true', 'false'] }
  const choices = choicesOf(schema)
  const items = listOf(schema)?.items
  const isList = items?.type === 'string' || items?.enum !== undefined
  const isJson =
    schema.type === 'array' ||
    schema.type === 'object' ||
    (schema.anyOf !== undefined && choices.length === 0)
  const isNumber = schema.type === 'integer' || schema.type === 'number'
  const kind =
    choices.length > 0 ? 'choice' : isList ? 'list' : isJson ? 'json' : isNumber ? 'number' : 'text'
  return { name, required, kind, choices }
}

/** The list that an input takes, perhaps beside a text of its parts. */
export function listOf(schema: Schema): Schema | undefined {
  return [schema, ...(schema.anyOf ?? [])].find(one => one.type === 'array')
}

/** The objects that a value may be or consist of: the object itself, one that may be null, those of a list, or several kinds. */
export function objectsIn(schema: Schema): Schema[] {
  if (schema.properties) return [schema]
  return [...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])].flatMap(objectsIn)
}

/** All inputs of a call as one object. */
export function inputsOf({ fields }: Pick<Call, 'fields'>): Schema {
  return {
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    required: fields.filter(one => one.required).map(one => one.name),
  }
}

/** The fields of an object with whether each is always there. */
export function fieldsIn({ properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
  }))
}

/** The values to choose from; empty where others are possible. */
export function choicesOf({ enum: values, anyOf, const: only }: Schema): string[] {
  if (values) return values.map(String)
  if (only !== undefined) return [String(only)]
  const each = anyOf?.map(choicesOf) ?? []
  return each.every(one => one.length > 0) ? each.flat() : []
}

/** The type in a word or two. */
export function typeOf(schema: Schema): string {
  if (schema.items) return `${typeOf(schema.items)}[]`
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ')
  if (schema.contentMediaType) return 'file'
  if (schema.type) return schema.type
  if (schema.enum) return 'string'
  return schema.const === undefined ? 'any' : typeof schema.const
}
