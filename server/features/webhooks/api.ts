import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { ApiError } from '../../platform/http/errors.ts'
import {
  optionalChoice,
  optionalIds,
  optionalInteger,
  optionalText,
  optionalTime,
  text,
} from '../../platform/http/input.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { languageOf, type Words } from '../../platform/words.ts'
import { typesAtMost } from '../events/types.ts'
import { deliveryStates, findDelivery, listDeliveries } from './log-store.ts'
import { type Range, replay, replayedAtMost } from './replay.ts'
import { testWebhook } from './test-call.ts'
import {
  attemptSchema,
  attemptViews,
  deliverySchema,
  deliveryView,
  sentSchema,
  sentView,
  webhookSchema,
  webhookView,
  webhookViews,
} from './view.ts'
import { webhooksOf } from './webhook-store.ts'
import { addWebhook, keptHours, ownWebhook, removeWebhook, rotateWebhook, setWebhook } from './webhooks.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; outbound: Outbound }

const access = { by: 'developer', scope: 'webhook:manage' } as const
const numberAtMost = Number.MAX_SAFE_INTEGER
const webhookId = text({ zh: '订阅 id', en: 'Id of the webhook' }, { max: 64, pattern: /^wh_[0-9a-f]{24}$/ })
const types = optionalIds(
  {
    zh: '事件类型，或其点号前的部分，如 directory、bill.paid；不填为全部',
    en: 'Types of events, or what stands before their dots, such as directory or bill.paid; all without it',
  },
  {
    max: typesAtMost,
  },
)
export const testTypeField = optionalText(
  {
    zh: '发送哪种事件的示例，如 bill.paid；默认 webhook.test',
    en: 'Of which event the sample is sent, such as bill.paid; webhook.test by default',
  },
  { max: 64 },
)
const description = optionalText({ zh: '说明', en: 'Description' }, { max: 200 })
const secret = Type.String({
  about: {
    zh: '签名密钥 whsec_…，只在此返回一次',
    en: 'Secret of the signatures, whsec_…, answered here and never again',
  },
})

const sampleId = 'wh_6b1f9a3c2d4e5f60718293a4'
const sampleSecret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD0pDR0Wq5GzA='
const sample = {
  webhookId: sampleId,
  url: 'https://app.example.com/wisp-events',
  types: ['directory', 'message.result'],
  description: '人事系统',
  state: 'on',
  offReason: '',
  offAt: '',
  seq: 42,
  waiting: 0,
  failed: 0,
  failingSince: '',
  pausedUntil: '',
  succeededAt: '2026-11-25T02:00:01.000Z',
  oldSecretEndsAt: '',
  createdAt: '2026-11-24T02:00:00.000Z',
} as const

const actorOf = (devId: string) => `developer:${devId}`

export const createWebhook = endpoint({
  methods: ['POST'],
  path: '/api/webhook/create',
  section: 'wisp',
  summary: { zh: '创建事件订阅', en: 'Make a webhook' },
  description: {
    zh: '事件以 POST 发到 url，格式为 Standard Webhooks：webhook-id（重试和重放时不变，用于去重）、webhook-timestamp、webhook-signature。15 秒内应答 2xx 即为收到，其它应答（包括重定向）为失败，24 小时内重试，间隔逐渐变长。同一对象的事件按顺序投递。每个开发者最多 10 个订阅。',
    en: 'Events are posted to url in the Standard Webhooks format: webhook-id (the same for retries and replays, to recognise them by), webhook-timestamp, webhook-signature. A 2xx within 15 seconds means received; anything else, a redirect too, is a failure, which is retried for 24 hours at growing intervals. Events of one object come in order. A developer has at most 10 webhooks.',
  },
  access,
  input: {
    url: text(
      { zh: '接收地址，https:// 或 http://', en: 'Where events go, https:// or http://' },
      { max: 500 },
    ),
    types,
    description,
    since: optionalInteger(
      {
        zh: '从编号大于它的事件开始；不填为从现在开始',
        en: 'Begin after this number; from now on without it',
      },
      { min: 0, max: numberAtMost },
    ),
  },
  logged: ['types', 'since'],
  output: Type.Object({ webhook: webhookSchema, secret }),
  errors: [],
  sample: { webhook: { ...sample, succeededAt: '' }, secret: sampleSecret },
  sampleInput: { url: '{pageUrl}' },
  async handle(ctx: Needs, { input, developer }) {
    const { url, types, description = '', since } = input
    const settings = { url, types, description, ...(since === undefined ? {} : { since }) }
    const { webhook, secret } = await addWebhook(ctx, actorOf(developer.devId), developer, settings)
    return { webhook: await webhookView(ctx, webhook), secret }
  },
})

export const updateWebhook = endpoint({
  methods: ['POST'],
  path: '/api/webhook/update',
  section: 'wisp',
  summary: { zh: '修改、启用或停用事件订阅', en: 'Change a webhook, switch it on or off' },
  description: {
    zh: '没有填写的不变；types 填空数组为全部。停用期间的事件在启用后补发，最早到 30 天前。',
    en: 'What is left out stays; an empty array of types means all. Events of the time when it was off follow once it is on, up to 30 days old.',
  },
  access,
  input: {
    webhookId,
    url: optionalText({ zh: '接收地址', en: 'Where events go' }, { max: 500 }),
    types,
    description,
    state: optionalChoice({ zh: 'on 启用；off 停用', en: 'on or off' }, ['on', 'off'] as const),
    since: optionalInteger(
      { zh: '从编号大于它的事件起（重新）投递', en: 'Deliver (again) what comes after this number' },
      { min: 0, max: numberAtMost },
    ),
  },
  logged: ['webhookId', 'types', 'state', 'since'],
  output: Type.Object({ webhook: webhookSchema }),
  errors: [],
  sample: { webhook: sample },
  sampleInput: { webhookId: '{webhookId}', description: '来自接口文档' },
  async handle(ctx: Needs, { input, developer, given }) {
    const { url, types, description, state, since } = input
    const webhook = await setWebhook(ctx, actorOf(developer.devId), developer, input.webhookId, {
      ...(url === undefined ? {} : { url }),
      ...(given['types'] === undefined ? {} : { types }),
      ...(given['description'] === undefined ? {} : { description: description ?? '' }),
      ...(state === undefined ? {} : { isOn: state === 'on' }),
      ...(since === undefined ? {} : { since }),
    })
    return { webhook: await webhookView(ctx, webhook) }
  },
})

export const deleteWebhookCall = endpoint({
  methods: ['POST'],
  path: '/api/webhook/delete',
  section: 'wisp',
  summary: { zh: '删除事件订阅', en: 'Delete a webhook' },
  description: { zh: '其投递记录一并删除。', en: 'Its log goes with it.' },
  access,
  input: { webhookId },
  logged: ['webhookId'],
  output: Type.Object({ webhookId: Type.String() }),
  errors: [],
  sample: { webhookId: sampleId },
  sampleInput: { webhookId: '{webhookId}' },
  async handle(ctx: Core, { input, developer }) {
    await removeWebhook(ctx, actorOf(developer.devId), developer, input.webhookId)
    return { webhookId: input.webhookId }
  },
})

export const listWebhooks = endpoint({
  methods: ['GET'],
  path: '/api/webhook/list',
  section: 'wisp',
  summary: { zh: '事件订阅列表', en: 'List webhooks' },
  access,
  input: {},
  output: Type.Object({ list: Type.Array(webhookSchema) }),
  errors: [],
  sample: { list: [sample] },
  async handle(ctx: Core, { developer: { devId } }) {
    return { list: await webhookViews(ctx, devId, await webhooksOf(ctx.db, devId)) }
  },
})

export const getWebhook = endpoint({
  methods: ['GET'],
  path: '/api/webhook/get',
  section: 'wisp',
  summary: { zh: '查询事件订阅', en: 'Get a webhook' },
  access,
  input: { webhookId },
  logged: ['webhookId'],
  output: Type.Object({ webhook: webhookSchema }),
  errors: [],
  sample: { webhook: sample },
  sampleInput: { webhookId: '{webhookId}' },
  async handle(ctx: Core, { input, developer }) {
    return { webhook: await webhookView(ctx, await ownWebhook(ctx.db, developer, input.webhookId)) }
  },
})

export const rotateWebhookSecret = endpoint({
  methods: ['POST'],
  path: '/api/webhook/rotate',
  section: 'wisp',
  summary: { zh: '更换事件订阅的密钥', en: 'Replace the secret of a webhook' },
  description: {
    zh: '旧密钥在 keepHours 小时内同时签名，请在此期间换用新密钥；更早的密钥立即失效。',
    en: 'The old secret signs too for keepHours: change to the new one within that time. One that is older still ends at once.',
  },
  access,
  input: {
    webhookId,
    keepHours: optionalInteger(
      {
        zh: `旧密钥再用几小时，默认 ${keptHours.byDefault}`,
        en: `How many hours the old secret stays; ${keptHours.byDefault} by default`,
      },
      {
        min: 0,
        max: keptHours.atMost,
      },
    ),
  },
  logged: ['webhookId', 'keepHours'],
  output: Type.Object({
    secret,
    oldSecretEndsAt: Type.String({ about: { zh: '旧密钥失效的时间', en: 'When the old secret ends' } }),
  }),
  errors: [],
  sample: { secret: sampleSecret, oldSecretEndsAt: '2026-11-26T02:00:00.000Z' },
  sampleInput: { webhookId: '{webhookId}', keepHours: 24 },
  async handle(ctx: Core, { input, developer }) {
    const actor = actorOf(developer.devId)
    const { secret, oldEndsAt } = await rotateWebhook(ctx, actor, developer, input.webhookId, input.keepHours)
    return { secret, oldSecretEndsAt: oldEndsAt.toISOString() }
  },
})

const deliverySample = {
  seq: 42,
  webhookMessageId: `msg_${sampleId}_42`,
  type: 'directory.member.put',
  entity: 'member:7',
  state: 'done',
  attempts: 1,
  createdAt: '2026-11-25T02:00:00.000Z',
  nextAt: '',
  endedAt: '2026-11-25T02:00:01.000Z',
  status: 200,
  error: '',
} as const
const sentSample = {
  status: 200,
  error: '',
  ms: 35,
  exchange: {
    url: sample.url,
    headers: { 'webhook-id': `msg_${sampleId}_42` },
    body: '{"type":"directory.member.put"}',
    isCut: false,
    answer: { type: 'text/plain', body: 'ok' },
  },
}

export const webhookLog = endpoint({
  methods: ['GET'],
  path: '/api/webhook/log',
  section: 'wisp',
  summary: { zh: '事件投递记录', en: 'Log of deliveries' },
  description: {
    zh: '新的在前；下一页以 next 作为 before，没有更多时 next 为 0。填 seq 时只返回这个事件，并附每次尝试的请求与应答。记录保留 30 天，请求与应答 7 天。',
    en: 'New ones first; next is the before of the next page, and 0 when there is no more. With seq that event alone, with the request and answer of each attempt. The log is kept for 30 days, requests and answers for 7.',
  },
  access,
  input: {
    webhookId,
    seq: optionalInteger(
      {
        zh: '只要这个编号的事件，附请求与应答',
        en: 'The event of this number alone, with requests and answers',
      },
      { min: 1, max: numberAtMost },
    ),
    state: optionalChoice({ zh: '状态', en: 'State' }, deliveryStates),
    type: optionalText(
      { zh: '事件类型，或其点号前的部分', en: 'Type of event, or what stands before its dots' },
      { max: 64 },
    ),
    before: optionalInteger(
      { zh: '只要编号小于它的', en: 'Those with smaller numbers only' },
      { min: 1, max: numberAtMost },
    ),
    limit: optionalInteger(
      { zh: '最多几条，默认 50', en: 'At most so many; 50 by default' },
      { min: 1, max: 200 },
    ),
  },
  logged: ['webhookId', 'seq', 'state', 'type', 'before', 'limit'],
  output: Type.Object({
    list: Type.Array(deliverySchema),
    next: Type.Integer(),
    attempts: Type.Array(attemptSchema, {
      about: { zh: '每次尝试，新的在前；只在填 seq 时有', en: 'Each attempt, new ones first; with seq only' },
    }),
  }),
  errors: [],
  sample: {
    list: [deliverySample],
    next: 0,
    attempts: [{ n: 1, at: '2026-11-25T02:00:01.000Z', ...sentSample }],
  },
  sampleInput: { webhookId: '{webhookId}', limit: 10 },
  async handle(ctx: Core, { input, developer, request }) {
    const { seq, state, type, before, limit = 50 } = input
    const language = languageOf(request.headers['accept-language'])
    const webhook = await ownWebhook(ctx.db, developer, input.webhookId)
    if (seq !== undefined) {
      const row = await findDelivery(ctx.db, webhook, seq)
      const attempts = await attemptViews(ctx, webhook, seq, language)
      return { list: row ? [deliveryView(webhook.id, row, language)] : [], next: 0, attempts }
    }
    const rows = await listDeliveries(ctx.db, webhook, { state, type, before }, limit)
    const list = rows.map(row => deliveryView(webhook.id, row, language))
    return { list, next: rows.length === limit ? (rows.at(-1)?.seq ?? 0) : 0, attempts: [] }
  },
})

export const testWebhookCall = endpoint({
  methods: ['POST'],
  path: '/api/webhook/test',
  section: 'wisp',
  summary: { zh: '发送测试事件', en: 'Send a test event' },
  description: {
    zh: '立即发送一个 webhook.test 事件，或所选类型的示例，并返回结果；seq 为 0，不重试，不影响订阅的状态。',
    en: 'Sends an event webhook.test, or the sample of the chosen type, at once and answers what became of it; its seq is 0, it is not retried, and does not change the state of the webhook.',
  },
  access,
  outgoing: true,
  input: { webhookId, type: testTypeField },
  logged: ['webhookId'],
  output: sentSchema,
  errors: [],
  sample: sentSample,
  sampleInput: { webhookId: '{webhookId}' },
  async handle(ctx: Needs, { input, developer, request }) {
    const sent = await testWebhook(ctx, actorOf(developer.devId), developer, input.webhookId, input.type)
    return sentView(sent, languageOf(request.headers['accept-language']))
  },
})

const number = (about: Words) => optionalInteger(about, { min: 1, max: numberAtMost })

export const replayWebhook = endpoint({
  methods: ['POST'],
  path: '/api/webhook/replay',
  section: 'wisp',
  summary: { zh: '重新投递事件', en: 'Deliver events again' },
  description: {
    zh: `填 seq（一个事件）、fromSeq 与 toSeq（编号范围）或 from 与 to（时间范围），最多 ${replayedAtMost} 个。webhook-id 与原来相同；还在等待重试的立即再试。`,
    en: `Give seq (one event), fromSeq and toSeq (a range of numbers) or from and to (a range of time), at most ${replayedAtMost} events. Their webhook-ids are the same; what still waits for a retry is tried at once.`,
  },
  access,
  directory: true,
  input: {
    webhookId,
    seq: number({ zh: '一个事件的编号', en: 'Number of one event' }),
    fromSeq: number({ zh: '起始编号（含）', en: 'First number' }),
    toSeq: number({ zh: '结束编号（含）', en: 'Last number' }),
    from: optionalTime({ zh: '起始时间', en: 'From' }),
    to: optionalTime({ zh: '结束时间', en: 'To' }),
  },
  logged: ['webhookId', 'seq', 'fromSeq', 'toSeq', 'from', 'to'],
  output: Type.Object({
    count: Type.Integer({ about: { zh: '重新投递的事件数', en: 'How many events are delivered again' } }),
  }),
  errors: [],
  sample: { count: 1 },
  sampleInput: { webhookId: '{webhookId}', fromSeq: 1, toSeq: 100 },
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers }, { input, developer }) {
    const actor = actorOf(developer.devId)
    return { count: await replay(ctx, actor, developer, input.webhookId, rangeOf(input)) }
  },
})

type RangeInput = {
  seq: number | undefined
  fromSeq: number | undefined
  toSeq: number | undefined
  from: Date | undefined
  to: Date | undefined
}

/** Throws 1001 unless exactly one of the three ways is complete. */
export function rangeOf({ seq, fromSeq, toSeq, from, to }: RangeInput): Range {
  const ranges: Range[] = []
  if (seq !== undefined) ranges.push({ fromSeq: seq, toSeq: seq })
  if (fromSeq !== undefined && toSeq !== undefined) ranges.push({ fromSeq, toSeq })
  if (from && to) ranges.push({ from, to })
  const [range] = ranges
  if (range && ranges.length === 1) return range
  throw new ApiError('missingParameter', {
    zh: '应填 seq、fromSeq 与 toSeq、from 与 to 中的一种',
    en: 'give seq, or fromSeq and toSeq, or from and to',
  })
}
