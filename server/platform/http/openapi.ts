import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { version } from '../version.ts'
import { type Language, languageOf, type Words } from '../words.ts'
import type { AnyAdminCall } from './admin/admin-call.ts'
import type { AdminScope } from './admin/admin-scope.ts'
import type { Point } from './admin/points.ts'
import { retryAfterAwaySeconds } from './answers/failures.ts'
import { takesFile } from './bodies/file-input.ts'
import { nameOf, withComponents } from './documents/components.ts'
import { requestExample } from './documents/request-example.ts'
import { schemaIn } from './documents/schema-words.ts'
import { documentedScopes } from './documents/scope-words.ts'
import { type DocumentedEvent, webhooksOf } from './documents/webhooks.ts'
import type { AnyEndpoint } from './endpoint.ts'
import { codes, type ErrorName } from './errors.ts'
import { answersHead } from './files/assets.ts'
import type { Access } from './gate.ts'
import type { ApiFields } from './input.ts'
import type { AnyPassthrough } from './passthrough/passthrough.ts'

/** Documentation does not depend on what serves a call. */
type Declaration = Omit<AnyEndpoint<never>, 'handle' | 'access'> & {
  access: Access | { by: 'adminToken'; scope: AdminScope; point: Point }
  /** What a corp must have switched on. */
  feature?: { name: string; title: Words }
}

type DocumentedPassthrough = Omit<AnyPassthrough<never>, 'find' | 'known' | 'check' | 'handle'>

/** A call of developers, or one of management. */
type DocumentedCall = Declaration | AnyAdminCall<never>

const title: Words = { zh: '微信一体化服务平台 API', en: 'WeChat integrated service platform API' }
const description: Words = {
  zh:
    '第一次使用：1. 向管理员要 devId 和 devSecret（控制台「应用中心 → 开发者」）；' +
    '2. 用它们调用 3.1 /api/token/getDevToken 取得 devToken，有效 2 小时，到期再取；3. 带着 devToken 调用其他接口；' +
    '4. retCode 不是 "0" 时，retMessage 说明哪里不对，应答的 Link 头指向说明它的页面。\n\n' +
    '应答一律为 HTTP 200 与 {retCode, retMessage, body}；retCode 为字符串，"0" 表示成功。devToken 可放在查询参数、JSON 请求体或 Authorization: Bearer 中。retMessage 默认为中文，请求头 Accept-Language: en 改为英文。',
  en:
    'To begin: 1. ask an administrator for devId and devSecret (console, App centre → Developers); ' +
    '2. call 3.1 /api/token/getDevToken with them for a devToken, which is valid for 2 hours; 3. make other calls with the devToken; ' +
    '4. when retCode is not "0", retMessage says what is wrong, and the Link header leads to the page about it.\n\n' +
    'Every answer is HTTP 200 with {retCode, retMessage, body}; retCode is a string, and "0" is success. The devToken goes into the query, the JSON body or Authorization: Bearer. retMessage is Chinese unless the request has Accept-Language: en.',
}

/** The document with each named shape once, in `components`, as tools take it. */
export function openapiDocument(...given: Parameters<typeof plainDocument>): Record<string, unknown> {
  const { paths, webhooks, components, ...rest } = plainDocument(...given)
  const { parts, schemas } = withComponents({ paths, webhooks })
  return {
    ...rest,
    components: { ...components, schemas: { ...components.schemas, ...schemas } },
    ...parts,
  }
}

/**
 * Builds OpenAPI 3.1 from the declarations, so that the documentation always matches the validation. Beyond the standard an
 * operation has `x-section` (of the interface document), `x-scope`, or `x-admin-scope` and `x-wisp-point` (admin/points.ts), `x-feature` (which a corp can switch off), `x-errors` (codes) and `x-sample-input`;
 * the document has `x-scopes`, all of them, and `x-errors`.
 */
export function plainDocument(
  calls: readonly DocumentedCall[],
  url: string,
  language: Language = 'zh',
  events: Readonly<Record<string, DocumentedEvent>> = {},
  passthroughs: readonly DocumentedPassthrough[] = [],
) {
  const endpoints = calls.map(one => ('reach' in one ? documentedAdminCall(one) : one))
  const paths: Record<string, Record<string, unknown>> = {}
  for (const declared of endpoints) {
    const operations: Record<string, unknown> = {}
    for (const method of declared.methods)
      operations[method.toLowerCase()] = operation(declared, method, language)
    paths[declared.path] = operations
  }
  for (const declared of passthroughs)
    paths[`${declared.prefix}{path}`] = Object.fromEntries(
      (['GET', 'POST'] as const).map(method => [method.toLowerCase(), passedOn(declared, method, language)]),
    )
  return {
    openapi: '3.1.0',
    info: {
      title: title[language],
      version,
      description: description[language],
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: url || '/' }],
    tags: [
      ...topicsOf(endpoints, language),
      ...(passthroughs.length > 0 ? [{ name: passedOnTopic[language] }] : []),
    ],
    components: {
      securitySchemes: {
        devToken: { type: 'apiKey', in: 'query', name: 'devToken' },
        bearer: { type: 'http', scheme: 'bearer' },
        adminToken: { type: 'http', scheme: 'bearer', description: adminTokenWords[language] },
      },
      schemas: { Failure: envelopeSchema },
      responses: refusalsByStatus(language),
    },
    paths,
    webhooks: webhooksOf(events, language),
    'x-scopes': documentedScopes(language),
    'x-errors': Object.entries(codes).map(([name, one]) => ({ code: one.code, name, text: one[language] })),
  }
}

const adminTokenWords: Words = {
  zh: '管理令牌，由超级管理员在控制台「管理员与登录 → 管理令牌」创建；只接受 Authorization 头',
  en: 'An admin token, which a super administrator makes in the console (Admins and sign-in → Admin tokens); only in the Authorization header',
}

/** By the part of the path that names it, in the order in which they are read. */
const topics: readonly { parts: readonly string[]; name: Words }[] = [
  { parts: ['token', 'developer', 'ticket'], name: { zh: '授权', en: 'Authorisation' } },
  { parts: ['user'], name: { zh: '成员', en: 'Members' } },
  { parts: ['org'], name: { zh: '部门与标签', en: 'Departments and tags' } },
  { parts: ['file'], name: { zh: '文件', en: 'Files' } },
  { parts: ['directory', 'syncController'], name: { zh: '通讯录变更', en: 'Changes of the address book' } },
  { parts: ['webhook', 'event'], name: { zh: '事件与 Webhook', en: 'Events and webhooks' } },
  { parts: ['message'], name: { zh: '消息中心', en: 'Messages' } },
  { parts: ['jssdk'], name: { zh: 'JS-SDK', en: 'JS-SDK' } },
  { parts: ['official'], name: { zh: '公众号', en: 'Official account' } },
  { parts: ['pay', 'unifiedPay'], name: { zh: '统一支付', en: 'Payments' } },
  { parts: ['security'], name: { zh: '报文加密', en: 'Encrypted packets' } },
  { parts: ['admin'], name: { zh: '管理', en: 'Management' } },
]
const otherTopic: Words = { zh: '其他', en: 'Other' }

function topicOf(path: string): Words {
  const [, , part = ''] = path.split('/')
  return topics.find(({ parts }) => parts.includes(part))?.name ?? otherTopic
}

function topicsOf(endpoints: readonly Declaration[], language: Language): { name: string }[] {
  const used = new Set(endpoints.map(({ path }) => topicOf(path)))
  return [...topics.map(({ name }) => name), otherTopic]
    .filter(name => used.has(name))
    .map(name => ({ name: name[language] }))
}

function operation(declared: Declaration, method: 'GET' | 'POST', language: Language) {
  const { access } = declared
  return {
    operationId: `${method.toLowerCase()}${declared.path.replace(/\/(\w)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary: declared.summary[language],
    ...(declared.description ? { description: declared.description[language] } : {}),
    tags: [topicOf(declared.path)[language]],
    security: securityOf(access),
    ...(method === 'GET'
      ? { parameters: parameters(declared, language) }
      : { requestBody: requestBody(declared, language) }),
    responses: responses(declared, language),
    'x-section': declared.section,
    ...(access.by === 'developer' && access.scope ? { 'x-scope': access.scope } : {}),
    ...(access.by === 'adminToken' ? { 'x-admin-scope': access.scope, 'x-wisp-point': access.point } : {}),
    ...(declared.feature
      ? { 'x-feature': { name: declared.feature.name, title: declared.feature.title[language] } }
      : {}),
    'x-errors': errorsOf(declared).map(name => codes[name].code),
    ...(declared.sampleInput ? { 'x-sample-input': declared.sampleInput } : {}),
  }
}

function securityOf({ by }: Declaration['access']) {
  if (by === 'adminToken') return [{ adminToken: [] }]
  return by === 'developer' ? [{ devToken: [] }, { bearer: [] }] : []
}

/** A call of management as the documents show it. */
export function documentedAdminCall({
  method,
  scope,
  point,
  reach: _reach,
  handle: _handle,
  outgoing: _outgoing,
  ...call
}: AnyAdminCall<never>): Declaration {
  return { ...call, methods: [method], section: 'wisp', access: { by: 'adminToken', scope, point } }
}

const passedOnTopic: Words = { zh: '代调用', en: 'Passthrough' }

/** A call of a vendor, by its path. Whatever else stands in query and body goes to the vendor. */
function passedOn(one: DocumentedPassthrough, method: 'GET' | 'POST', language: Language) {
  const { prefix, scope, sample, ...rest } = one
  const declared: Declaration = {
    ...rest,
    path: `${prefix}path`,
    methods: ['GET', 'POST'],
    section: 'wisp',
    access: { by: 'developer', scope },
    output: Type.Object({}),
    sample: sample.body,
    sampleInput: sample.input,
  }
  const path = {
    name: 'path',
    in: 'path',
    required: true,
    description: {
      zh: '上游 /cgi-bin/ 之后的路径，可含 /',
      en: 'What follows /cgi-bin/ at the vendor; may have slashes',
    }[language],
    schema: { type: 'string' },
    example: sample.path,
  }
  const body = { schema: { type: 'object', additionalProperties: true } }
  return {
    ...operation(declared, method, language),
    tags: [passedOnTopic[language]],
    parameters: [path, ...parameters(declared, language)],
    ...(method === 'POST'
      ? { requestBody: { content: { 'application/json': body, 'multipart/form-data': body } } }
      : {}),
  }
}

function parameters(declared: Declaration, language: Language) {
  const example = requestExample(declared)
  return Object.entries(declared.input).map(([name, field]) => ({
    name,
    in: 'query',
    required: field.required,
    schema: schemaIn(language, field.schema),
    // Lists are joined, because a name that comes twice is refused.
    ...(takesList(field.schema) ? { style: 'form', explode: false } : {}),
    ...(name in example ? { example: example[name] } : {}),
  }))
}

function takesList(schema: { type?: unknown; anyOf?: unknown }): boolean {
  const { type, anyOf } = schema as { type?: unknown; anyOf?: { type?: unknown }[] }
  return type === 'array' || (anyOf?.some(one => one.type === 'array') ?? false)
}

function requestBody(declared: Declaration, language: Language) {
  const { input, oneOf } = declared
  const required = requiredOf(input)
  const properties = Object.fromEntries(
    Object.entries(input).map(([name, field]) => [name, schemaIn(language, field.schema)]),
  )
  const schema = {
    type: 'object',
    named: `${nameOf(declared.path)}Request`,
    properties,
    ...(required.length > 0 ? { required } : {}),
    // Inside allOf, because generators of types read an anyOf beside properties as an alternative to them.
    ...(oneOf ? { allOf: [{ anyOf: oneOf.map(names => ({ required: names })) }] } : {}),
  }
  const type = takesFile(input) ? 'multipart/form-data' : 'application/json'
  return { required: true, content: { [type]: { schema, example: requestExample(declared) } } }
}

function requiredOf(fields: ApiFields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : []))
}

const envelopeSchema = {
  type: 'object',
  required: ['retCode', 'retMessage'],
  properties: { retCode: { type: 'string' }, retMessage: { type: 'string' } },
}

const failureSchema = { $ref: '#/components/schemas/Failure' }

/** A refusal is HTTP 200 too, unless no handler ran or the caller must slow down. */
function responses(declared: Declaration, language: Language) {
  const errors = errorsOf(declared)
  const refusals = Object.fromEntries(
    errors
      .filter(name => name !== 'tooManyRequests' && name !== 'unavailable')
      .map(name => [codes[name].code, refusal(name, language)]),
  )
  return {
    200: {
      description: errors.map(name => `${codes[name].code} ${codes[name][language]}`).join('；'),
      content: contents(declared, refusals, language),
    },
    ...Object.fromEntries(
      Object.keys(refusalsByStatus(language)).map(name => [
        name.slice('Http'.length),
        { $ref: `#/components/responses/${name}` },
      ]),
    ),
  }
}

const unread: Record<string, Words> = {
  404: { zh: '没有这个接口', en: 'there is no such call' },
  405: { zh: '应使用 GET 或 POST', en: 'takes GET or POST' },
  408: { zh: '请求体没有及时发完', en: 'the body did not arrive in time' },
  413: { zh: '请求体过大', en: 'the body is too large' },
  415: {
    zh: 'Content-Type 应为 application/json；接收文件的接口为 multipart/form-data',
    en: 'Content-Type should be application/json, or multipart/form-data of a call that takes a file',
  },
}

/** What any call may answer before its handler runs, by status. */
function refusalsByStatus(language: Language) {
  return {
    ...Object.fromEntries(
      Object.entries(unread).map(([status, why]) => [`Http${status}`, failed('badParameter', language, why)]),
    ),
    Http429: failed('tooManyRequests', language, undefined, 60),
    Http503: failed('unavailable', language, undefined, retryAfterAwaySeconds),
  }
}

function refusal(name: ErrorName, language: Language) {
  const { code, [language]: text } = codes[name]
  return { summary: text, value: { retCode: code, retMessage: text } }
}

function failed(name: ErrorName, language: Language, why?: Words, retryAfterSeconds?: number) {
  const { code, [language]: text } = codes[name]
  const retMessage = why ? `${text}: ${why[language]}` : text
  return {
    description: `${code} ${retMessage}`,
    ...(retryAfterSeconds === undefined
      ? {}
      : { headers: { 'Retry-After': { schema: { type: 'integer', examples: [retryAfterSeconds] } } } }),
    content: { 'application/json': { schema: failureSchema, example: { retCode: code, retMessage } } },
  }
}

/** A file is sent as plain bytes; only refusals have the envelope. */
function contents(declared: Declaration, refusals: Record<string, unknown>, language: Language) {
  const body = schemaIn(language, declared.output)
  const { contentMediaType, description } = body as { contentMediaType?: string; description?: string }
  if (contentMediaType)
    return {
      [contentMediaType]: {
        schema: { description },
        ...(contentMediaType.startsWith('text/') ? { example: declared.sample } : {}),
      },
      'application/json': { schema: failureSchema, examples: refusals },
    }
  const name = nameOf(declared.path)
  const schema = {
    ...envelopeSchema,
    named: `${name}Answer`,
    properties: { ...envelopeSchema.properties, body: { named: `${name}Body`, ...(body as object) } },
  }
  const [summary, retMessage] = language === 'zh' ? ['成功', '成功'] : ['Success', 'success']
  const success = { summary, value: { retCode: '0', retMessage, body: declared.sample } }
  return { 'application/json': { schema, examples: { success, ...refusals } } }
}

/** The errors that this call can return besides success ("0"). */
export function errorsOf(declared: Declaration): ErrorName[] {
  const common = declared.access.by === 'anyone' ? [] : (['deadToken', 'forbidden'] as const)
  return [
    ...new Set([
      ...(['badParameter', 'missingParameter'] as const),
      ...common,
      ...declared.errors,
      ...(['tooManyRequests', 'unavailable', 'internal'] as const),
    ]),
  ]
}

/** Serves `/openapi.json` in the caller's language, for tools. */
export function registerOpenapi(
  app: FastifyInstance,
  endpoints: readonly DocumentedCall[],
  events: Readonly<Record<string, DocumentedEvent>>,
  passthroughs: readonly DocumentedPassthrough[],
): void {
  const documents: Partial<Record<Language, Record<string, unknown>>> = {}
  app.get('/openapi.json', answersHead, (request, reply) => {
    const language = languageOf(request.headers['accept-language'])
    documents[language] ??= openapiDocument(endpoints, '', language, events, passthroughs)
    return reply
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-language')
      .send(documents[language])
  })
}
