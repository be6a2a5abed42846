import { readFileSync } from 'node:fs'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { AnyEndpoint } from './endpoint.ts'

/** Documentation does not depend on what serves a call. */
type Declared = Omit<AnyEndpoint<never>, 'handle'>

import { codes } from './errors.ts'
import type { Fields } from './input.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Builds OpenAPI 3.1 from the declarations, so that the documentation always matches the validation. */
export function openapiDocument(endpoints: readonly Declared[], url: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const declared of endpoints) {
    const operations: Record<string, unknown> = {}
    for (const method of declared.methods) operations[method.toLowerCase()] = operation(declared, method)
    paths[declared.path] = operations
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '微信一体化服务平台 API',
      version,
      description:
        '第一次使用：1. 向管理员要 devId 和 devSecret（控制台「应用 → 开发者」，那里的「调用示例」可以直接复制）；' +
        '2. 用它们调用 3.1 /api/token/getDevToken 取得 devToken，有效 2 小时，到期再取；3. 带着 devToken 调用其他接口，' +
        '点开一个接口，再点 Try it out 就能在本页试；4. retCode 不是 "0" 时，retMessage 说明哪里不对。\n\n' +
        '应答一律为 HTTP 200 与 {retCode, retMessage, body}；retCode 为字符串，"0" 表示成功。devToken 可放在查询参数、JSON 请求体或 Authorization: Bearer 中。retMessage 默认为中文，请求头 Accept-Language: en 改为英文。',
    },
    servers: [{ url: url || '/' }],
    components: {
      securitySchemes: {
        devToken: { type: 'apiKey', in: 'query', name: 'devToken' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
    paths,
  }
}

const topics: Record<string, string> = {
  security: '报文加密',
  token: '授权',
  ticket: '授权',
  user: '成员',
  org: '部门与标签',
  file: '文件',
  directory: '通讯录变更',
  syncController: '通讯录变更',
  message: '消息中心',
}

function topicOf(path: string): string {
  return topics[path.split('/')[2] ?? ''] ?? '其他'
}

function operation(declared: Declared, method: 'GET' | 'POST') {
  const { section, access } = declared
  const scope = access.by === 'developer' && access.scope ? `需要权限 ${access.scope}。` : ''
  return {
    operationId: `${method.toLowerCase()}${declared.path.replace(/\/(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary: `${section === 'wisp' ? '' : `${section} `}${declared.summary}`,
    description: `${declared.description ?? ''}${scope}`,
    tags: [topicOf(declared.path)],
    ...(access.by === 'developer' ? { security: [{ devToken: [] }, { bearer: [] }] } : {}),
    ...(method === 'GET'
      ? { parameters: parameters(declared.input) }
      : { requestBody: requestBody(declared.input) }),
    responses: {
      200: { description: errorsText(declared), content: contents(declared) },
    },
  }
}

function parameters(fields: Fields) {
  return Object.entries(fields).map(([name, field]) => ({
    name,
    in: 'query',
    required: field.required,
    schema: field.schema,
  }))
}

function requestBody(fields: Fields) {
  const required = Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : []))
  const properties = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.schema]))
  const schema = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
  return { required: true, content: { 'application/json': { schema } } }
}

/** A file is sent as plain bytes; only refusals have the envelope. */
function contents(declared: Declared) {
  const { contentMediaType } = declared.output as { contentMediaType?: string }
  if (!contentMediaType) return { 'application/json': answer(declared) }
  return {
    [contentMediaType]: { schema: { description: declared.sample } },
    'application/json': { schema: { ...envelopeSchema, description: '失败时' } },
  }
}

const envelopeSchema = {
  type: 'object',
  required: ['retCode', 'retMessage'],
  properties: { retCode: { type: 'string' }, retMessage: { type: 'string' } },
}

function answer(declared: Declared) {
  return {
    schema: { ...envelopeSchema, properties: { ...envelopeSchema.properties, body: declared.output } },
    example: { retCode: '0', retMessage: '成功', body: declared.sample },
  }
}

/** The errors that this call can return besides success ("0"). */
export function errorsOf(declared: Declared): (keyof typeof codes)[] {
  const common = declared.access.by === 'developer' ? (['deadToken', 'forbidden'] as const) : []
  return [
    ...new Set([
      ...(['badParameter', 'missingParameter'] as const),
      ...common,
      ...declared.errors,
      'internal' as const,
    ]),
  ]
}

function errorsText(declared: Declared): string {
  return errorsOf(declared)
    .map(name => `${codes[name].code} ${codes[name].zh}`)
    .join('；')
}

/** Serves `/openapi.json`, and `/docs` to browse and try the API. */
export async function registerApiPages(app: FastifyInstance, endpoints: readonly Declared[]): Promise<void> {
  const document = openapiDocument(endpoints, '')
  app.get('/openapi.json', (_request, reply) => reply.header('cache-control', 'no-cache').send(document))
  await app.register(fastifySwagger, { mode: 'static', specification: { document: document as never } })
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    // This layout omits the top bar, which is for loading other documents.
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', defaultModelsExpandDepth: -1 },
    theme: { title: '微信一体化服务平台 API' },
  })
}
