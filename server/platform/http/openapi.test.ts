import { Compile } from 'typebox/schema'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { adminCalls, documentedCalls, documentedEvents, endpoints, passthroughs } from '../../features.ts'
import type { Words } from '../words.ts'
import { sharedShapes } from './documents/shared-shapes.ts'
import { codes } from './errors.ts'
import { documentedAdminCall, errorsOf, openapiDocument, plainDocument } from './openapi.ts'

/** Calls of developers and calls of management. */
const calls = [...endpoints, ...adminCalls.map(documentedAdminCall)]

type Operation = {
  operationId: string
  summary: string
  security: unknown[]
  parameters?: { name: string; in: string; required: boolean; schema: object; example?: unknown }[]
  requestBody?: {
    content: Record<string, { schema: { properties: object; required?: string[] }; example: object }>
  }
  'x-scope'?: string
  'x-admin-scope'?: string
  'x-errors': string[]
  responses: Record<string, Response & { $ref?: string }>
}
type Media = { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }
type Response = { description: string; content: Record<string, Media> }
type Document = {
  openapi: string
  components: { responses: Record<string, Response> }
  info: { description?: string }
  paths: Record<string, Record<string, Operation>>
  webhooks: Record<string, { post: EventOperation }>
}
type ServedDocument = Document & { components: { schemas: Record<string, object> } }
type EventOperation = {
  'x-scope'?: string
  requestBody: { content: { 'application/json': { schema: object; example: { type: string } } } }
}

let world: World
/** As it is served, and with each component in the place of its references. */
let served: ServedDocument
let document: Document
beforeAll(async () => {
  world = await startWorld({ synced: false })
  served = (await (await fetch(`${world.server.url}/openapi.json`)).json()) as ServedDocument
  document = expanded(served, served.components.schemas) as Document
})
afterAll(() => world.close())

/** Its inputs: JSON, or a form where it takes a file. */
const bodyOf = ({ requestBody }: Operation) => Object.values(requestBody?.content ?? {})[0]

/** Every summary and description of the operations. */
function textsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => {
    const isExample = key === 'example' || (key === 'value' && 'summary' in value)
    if (isExample || key === 'x-sample-input' || key === 'info') return []
    return (key === 'description' || key === 'summary') && typeof one === 'string' ? [one] : textsOf(one)
  })
}

/** What a schema says of its values: `about` in both languages, or a `description`, which has only one. */
function saidIn(schema: unknown): unknown[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, one]) => {
    const isText = (key === 'about' && 'zh' in one) || (key === 'description' && typeof one === 'string')
    return isText ? [one] : saidIn(one)
  })
}

/** Puts each component of schemas where it is referred to, with what the place says of its value. */
function expanded(part: unknown, schemas: Record<string, object>): unknown {
  if (Array.isArray(part)) return part.map(one => expanded(one, schemas))
  if (typeof part !== 'object' || part === null) return part
  const { $ref, ...said } = part as { $ref?: string }
  const name = /^#\/components\/schemas\/(\w+)$/.exec($ref ?? '')?.[1]
  if (name) return { ...(expanded(schemas[name], schemas) as object), ...said }
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, expanded(one, schemas)]))
}

/** What JSON that is sent has wrong. */
function errorsIn(schema: object, value: unknown): unknown[] {
  const [isRight, errors] = Compile(schema).Errors(JSON.parse(JSON.stringify(value)))
  return isRight ? [] : errors
}

/** Without what is said of values, and without the names by which the document is made. */
function shapesOf(part: unknown): unknown {
  return JSON.parse(
    JSON.stringify(part, (key, value) =>
      (key === 'description' || key === 'named') && typeof value === 'string' ? undefined : value,
    ),
  )
}

/** No property of ours is called so. */
function withoutDefaults(part: unknown): unknown {
  return JSON.parse(JSON.stringify(part, (key, value) => (key === 'default' ? undefined : value)))
}

const chinese = /[\u4e00-\u9fff]/

function isInBothLanguages(text: unknown): boolean {
  const { zh, en } = text as Partial<Words>
  return Boolean(zh && en) && (zh !== en || !chinese.test(en ?? ''))
}

/** An answer by its status, wherever the document has it. */
function answerOf({ responses }: Operation, status: string): Response | undefined {
  const { $ref } = responses[status] ?? {}
  return $ref ? document.components.responses[$ref.split('/').at(-1) ?? ''] : responses[status]
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 with every call, and no other', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.stringMatching(/^\d/) })
    expect(document.info.description).toMatch(/^第一次使用：.*getDevToken/)
    const declared = [
      ...calls.flatMap(one => one.methods.map(method => `${method.toLowerCase()} ${one.path}`)),
      ...passthroughs.flatMap(({ prefix }) => [`get ${prefix}{path}`, `post ${prefix}{path}`]),
    ]
    expect(
      operations()
        .map(one => `${one.method} ${one.path}`)
        .sort(),
    ).toEqual(declared.sort())
    const ids = operations().map(one => one.operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z]\w+$/)
  })

  it('documents every input where it is sent, and who may call', () => {
    for (const declared of calls) {
      const required = Object.entries(declared.input).flatMap(([name, field]) =>
        field.required ? [name] : [],
      )
      for (const method of declared.methods) {
        const operation = document.paths[declared.path]?.[method.toLowerCase()] as Operation
        const schema = bodyOf(operation)?.schema
        const names =
          method === 'GET'
            ? operation.parameters?.map(one => one.name)
            : Object.keys(schema?.properties ?? {})
        expect(names).toEqual(Object.keys(declared.input))
        const needed =
          method === 'GET'
            ? operation.parameters?.filter(one => one.required).map(one => one.name)
            : schema?.required
        expect(needed ?? []).toEqual(required)
        const securities = {
          developer: [{ devToken: [] }, { bearer: [] }],
          adminToken: [{ adminToken: [] }],
          anyone: [],
        }
        expect(operation.security).toEqual(securities[declared.access.by])
        expect(operation['x-admin-scope']).toBe(
          declared.access.by === 'adminToken' ? declared.access.scope : undefined,
        )
        expect(operation['x-scope']).toBe(
          declared.access.by === 'developer' ? declared.access.scope : undefined,
        )
        expect(operation['x-errors']).toEqual(errorsOf(declared).map(name => codes[name].code))
        for (const name of errorsOf(declared)) {
          const status = { tooManyRequests: '429', unavailable: '503' }[name as string] ?? '200'
          expect(JSON.stringify(answerOf(operation, status)), declared.path).toContain(
            JSON.stringify({ retCode: codes[name].code, retMessage: codes[name].zh }),
          )
        }
      }
    }
  })

  it('holds one sample per call, in the shape that the call declares', () => {
    for (const declared of calls)
      expect([...Value.Errors(declared.output, declared.sample)], declared.path).toEqual([])
  })

  it('has an example for every request, which its schemas let pass', () => {
    for (const { path, method, operation } of operations()) {
      const name = `${method} ${path}`
      for (const { required, schema, example, name: field } of operation.parameters ?? []) {
        expect(required && example === undefined, `${name} ${field}`).toBe(false)
        if (example !== undefined) expect(errorsIn(schema, example), `${name} ${field}`).toEqual([])
      }
      const body = bodyOf(operation)
      if (!body) continue
      // What is passed on is between the developer and the vendor.
      if (path.endsWith('{path}')) continue
      expect(errorsIn(body.schema, body.example), name).toEqual([])
      if (Object.keys(body.schema.properties).length > 0) expect(body.example, name).not.toEqual({})
    }
  })

  it('names no corp and no app of its own in requests, and what is the reader’s in capitals', () => {
    const text = operations().flatMap(({ operation }) => [
      ...(operation.parameters ?? []).map(({ name, example }) => [name, example] as const),
      ...Object.entries(operation.requestBody?.content['application/json']?.example ?? {}),
    ])
    const own = text.filter(([name, value]) => ['corpId', 'appId'].includes(name) && value !== undefined)
    expect(new Set(own.map(([, value]) => value))).toEqual(new Set(['CORP_ID', 'APP_ID']))
  })

  it('has examples of answers that its own schemas let pass, and every answer before a handler', () => {
    for (const { path, method, operation } of operations()) {
      expect(Object.keys(operation.responses), path).toEqual([
        '200',
        '404',
        '405',
        '408',
        '413',
        '415',
        '429',
        '503',
      ])
      for (const status of Object.keys(operation.responses)) {
        const content = answerOf(operation, status)?.content ?? {}
        const media = content['application/json']
        expect(media, `${method} ${path} ${status}`).toBeDefined()
        const values = Object.values(media?.examples ?? {}).map(one => one.value)
        for (const value of media?.example ? [media.example] : values)
          expect(errorsIn(media?.schema ?? {}, value), `${path} ${status}`).toEqual([])
      }
    }
  })

  it('says what a single bill takes', () => {
    const body = document.paths['/api/pay/bill/create']?.['post']?.requestBody
    const schema = body?.content['application/json']?.schema ?? {}
    const amounts = { billNo: '1', userId: 'zhangsan', title: '餐费', amount: 100 }
    expect(errorsIn(schema, amounts)).toEqual([])
    expect(errorsIn(schema, { list: [amounts] })).toEqual([])
    expect(errorsIn(schema, { ...amounts, notify: true })).toEqual([])
    for (const missing of Object.keys(amounts))
      expect(errorsIn(schema, { ...amounts, [missing]: undefined }), missing).not.toEqual([])
  })

  it('says of files that they are bytes', () => {
    for (const path of ['/api/file/get', '/api/file/avatar'])
      expect(Object.keys(document.paths[path]?.['get']?.responses['200']?.content ?? {})).toEqual([
        'image/*',
        'application/json',
      ])
  })

  it('is what the declarations make', () => {
    expect(served).toEqual(
      JSON.parse(JSON.stringify(openapiDocument(documentedCalls, '', 'zh', documentedEvents, passthroughs))),
    )
  })

  it('has a name for each shape, which stands there once and leaves nothing out', () => {
    const { schemas } = served.components
    const text = JSON.stringify(served)
    const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
    expect([...new Set(referred)].sort()).toEqual(Object.keys(schemas).sort())
    expect(Object.keys(sharedShapes).filter(name => !referred.includes(name))).toEqual([])
    expect(text).not.toContain('"named":"')
    const plain = plainDocument(documentedCalls, '', 'zh', documentedEvents, passthroughs)
    const { components: _own, ...rest } = served
    const defaultless = (part: unknown) => shapesOf(withoutDefaults(part))
    expect(defaultless(expanded(rest, schemas))).toEqual(
      defaultless(expanded({ ...plain, components: undefined }, schemas)),
    )
  })

  it('has no default in a component, which generators of types take for a field that is always there', () => {
    expect(withoutDefaults(served.components.schemas)).toEqual(served.components.schemas)
    expect(shapesOf(served.paths)).not.toEqual(withoutDefaults(shapesOf(served.paths)))
    expect(served.components.schemas['PayBillCreateRequest']).toMatchObject({
      properties: { notify: { type: 'boolean' } },
    })
  })

  it('names whatever several calls have in common', () => {
    const places = new Map<string, Set<string>>()
    const look = (part: unknown, owner: string, isInner: boolean): void => {
      if (typeof part !== 'object' || part === null) return
      const { type, properties } = part as { type?: unknown; properties?: object }
      if (isInner && type === 'object' && Object.keys(properties ?? {}).length > 1) {
        const shape = JSON.stringify(shapesOf(part))
        places.set(shape, (places.get(shape) ?? new Set()).add(owner))
      }
      for (const one of Object.values(part)) look(one, owner, true)
    }
    for (const [name, schema] of Object.entries(served.components.schemas)) look(schema, name, false)
    const unnamed = [...places].filter(([, owners]) => owners.size > 1)
    expect(unnamed.map(([shape, owners]) => `${[...owners].join(' ')}: ${shape.slice(0, 200)}`)).toEqual([])
  })

  it('says of every event who is told and what, with a sample in that shape', () => {
    expect(Object.keys(document.webhooks)).toEqual(Object.keys(documentedEvents))
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      const { schema, example } = post.requestBody.content['application/json']
      expect([...Value.Errors(schema as never, example)], type).toEqual([])
      expect(example.type).toBe(type)
      expect(post['x-scope']).toBe(documentedEvents[type]?.scope)
    }
  })

  it('says everything of a call in both languages', () => {
    const passed = passthroughs.map(one => ({ ...one, path: one.prefix, output: {} }))
    for (const { path, summary, description, input, output } of [...calls, ...passed]) {
      const fields = Object.values(input)
      const own = [summary, ...(description ? [description] : []), ...fields.map(({ about }) => about)]
      const said = [...own, ...saidIn(fields.map(({ schema }) => schema)), ...saidIn(output)]
      expect(
        said.filter(text => !isInBothLanguages(text)),
        path,
      ).toEqual([])
      // What a field says is what the documents show of it.
      for (const { about, schema } of fields) expect(schema, path).toMatchObject({ about })
    }
  })

  it('is English for who asks for that, with no text left in Chinese', async () => {
    const headers = { 'accept-language': 'en' }
    const english = (await (await fetch(`${world.server.url}/openapi.json`, { headers })).json()) as Document
    expect(english).toEqual(
      JSON.parse(JSON.stringify(openapiDocument(documentedCalls, '', 'en', documentedEvents, passthroughs))),
    )
    const inEnglish = textsOf(english)
    const left = textsOf(served).filter((text, index) => chinese.test(text) && inEnglish[index] === text)
    expect([...new Set(left)]).toEqual([])
  })

  it('gives every required input a value to try the call with', () => {
    const without = calls.flatMap(({ path, input, sampleInput = {} }) =>
      Object.entries(input).flatMap(([name, field]) =>
        field.required && !(name in sampleInput) ? [`${path} ${name}`] : [],
      ),
    )
    expect(without).toEqual([])
    const unknown = calls.flatMap(({ path, input, sampleInput = {} }) =>
      Object.keys(sampleInput).flatMap(name => (name in input ? [] : [`${path} ${name}`])),
    )
    expect(unknown).toEqual([])
  })
})
