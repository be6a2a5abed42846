import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { type Language, storedWords, type Words, wordsIn } from '../../platform/words.ts'
import { messageId } from './deliver.ts'
import { attemptsOf, countDeliveries, type DeliveryRow, deliveryStates } from './log-store.ts'
import { openExchange, type SendResult } from './send.ts'
import type { Webhook } from './webhook-store.ts'

const iso = (at: Date | null) => at?.toISOString() ?? ''

export const webhookSchema = Type.Object({
  webhookId: Type.String({ about: { zh: '订阅 id', en: 'Id of the webhook' } }),
  url: Type.String({ about: { zh: '接收地址', en: 'Where events go' } }),
  types: Type.Array(Type.String(), {
    about: {
      zh: '事件类型或其点号前的部分；空数组为全部',
      en: 'Types of events, or what stands before their dots; all when empty',
    },
  }),
  description: Type.String({ about: { zh: '说明', en: 'Description' } }),
  state: Type.Enum(['on', 'off'], { about: { zh: 'on 启用；off 停用', en: 'on or off' } }),
  offReason: Type.Enum(['', 'developer', 'failing', 'gone'], {
    about: {
      zh: '停用原因：developer 自己停用；failing 连续三天没有一次成功；gone 接收方应答 410',
      en: 'Why it is off: developer by its developer; failing without a success for three days; gone after a 410',
    },
  }),
  offAt: Type.String({ about: { zh: '停用时间；没有时为空', en: 'Off since; empty when it is not' } }),
  seq: Type.Integer({ about: { zh: '已处理到的编号', en: 'Dealt with up to this number' } }),
  waiting: Type.Integer({ about: { zh: '等待投递的事件数', en: 'How many events wait' } }),
  failed: Type.Integer({ about: { zh: '放弃投递的事件数', en: 'How many events were given up' } }),
  failingSince: Type.String({
    about: {
      zh: '从何时起没有一次成功；没有时为空',
      en: 'Without a success since; empty when that is not so',
    },
  }),
  pausedUntil: Type.String({
    about: {
      zh: '连续失败，暂停到何时；没有时为空',
      en: 'Paused until, after failures; empty when it is not',
    },
  }),
  succeededAt: Type.String({
    about: { zh: '最近一次成功的时间；没有时为空', en: 'Last success; empty without one' },
  }),
  oldSecretEndsAt: Type.String({
    about: { zh: '旧密钥失效的时间；没有时为空', en: 'When the old secret ends; empty without one' },
  }),
  createdAt: Type.String({ about: { zh: '创建时间', en: 'Made at' } }),
})
export type WebhookView = Static<typeof webhookSchema>

export async function webhookViews(
  ctx: Core,
  devId: string,
  webhooks: readonly Webhook[],
): Promise<WebhookView[]> {
  const counts = await countDeliveries(ctx.db, devId)
  const later = (at: Date | null) => (at && at.getTime() > ctx.now() ? at.toISOString() : '')
  return webhooks.map(webhook => ({
    webhookId: webhook.id,
    url: webhook.url,
    types: webhook.types,
    description: webhook.description,
    state: webhook.isOn ? 'on' : 'off',
    offReason: webhook.isOn ? '' : (webhook.offReason ?? 'developer'),
    offAt: iso(webhook.offAt),
    seq: webhook.seq,
    ...(counts.get(webhook.id) ?? { waiting: 0, failed: 0 }),
    failingSince: iso(webhook.failingSince),
    pausedUntil: later(webhook.pausedUntil),
    succeededAt: iso(webhook.succeededAt),
    oldSecretEndsAt: later(webhook.oldEndsAt),
    createdAt: webhook.createdAt.toISOString(),
  }))
}

export async function webhookView(ctx: Core, webhook: Webhook): Promise<WebhookView> {
  const [view] = await webhookViews(ctx, webhook.devId, [webhook])
  return view as WebhookView
}

export const deliverySchema = Type.Object({
  seq: Type.Integer({ about: { zh: '事件编号', en: 'Number of the event' } }),
  webhookMessageId: Type.String({ about: { zh: '请求头 webhook-id', en: 'The header webhook-id' } }),
  type: Type.String({ about: { zh: '事件类型', en: 'Type of event' } }),
  entity: Type.String({
    about: {
      zh: '事件所关于的对象，同一对象的事件按顺序投递',
      en: 'What the event is about; events of one object come in order',
    },
  }),
  state: Type.Enum([...deliveryStates], {
    about: {
      zh: 'waiting 等待投递或重试；done 已收到；failed 已放弃；skipped 投递时已不在数据范围内',
      en: 'waiting to be delivered or retried; done: received; failed: given up; skipped: no longer within the data scope',
    },
  }),
  attempts: Type.Integer({ about: { zh: '已尝试次数', en: 'How many attempts' } }),
  createdAt: Type.String({ about: { zh: '加入队列的时间', en: 'Queued at' } }),
  nextAt: Type.String({
    about: { zh: '下次尝试的时间；没有时为空', en: 'Next attempt at; empty without one' },
  }),
  endedAt: Type.String({ about: { zh: '结束时间；没有时为空', en: 'Ended at; empty when it has not' } }),
  status: Type.Integer({
    about: {
      zh: '最近一次应答的 HTTP 状态；没有应答为 0',
      en: 'HTTP status of the last answer; 0 without one',
    },
  }),
  error: Type.String({ about: { zh: '最近一次失败的原因', en: 'Why it failed last' } }),
})
export type DeliveryView = Static<typeof deliverySchema>

export function deliveryView(webhookId: string, row: DeliveryRow, language: Language): DeliveryView {
  return {
    seq: row.seq,
    webhookMessageId: messageId(webhookId, row.seq),
    type: row.type,
    entity: row.entity,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.createdAt.toISOString(),
    nextAt: row.state === 'waiting' ? row.nextAt.toISOString() : '',
    endedAt: iso(row.endedAt),
    status: row.status ?? 0,
    error: told(row.error === null ? null : storedWords(row.error), language),
  }
}

export const exchangeSchema = Type.Object({
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String(), {
    about: { zh: '请求头', en: 'Headers of the request' },
  }),
  body: Type.String({
    about: { zh: '请求体，最多 8192 字节', en: 'Body of the request, at most 8192 bytes' },
  }),
  isCut: Type.Boolean({ about: { zh: '请求体比这里显示的长', en: 'The body is longer than what is shown' } }),
  answer: Type.Union([Type.Object({ type: Type.String(), body: Type.String() }), Type.Null()], {
    about: {
      zh: '应答的 Content-Type 与最多 2048 字节的内容；没有应答或不显示时为 null',
      en: 'Content-Type of the answer and at most 2048 bytes of it; null without one, or when it is not shown',
    },
  }),
})

export const sentSchema = Type.Object({
  status: Type.Integer({ about: { zh: 'HTTP 状态；没有应答为 0', en: 'HTTP status; 0 without an answer' } }),
  error: Type.String({ about: { zh: '失败原因；成功时为空', en: 'Why it failed; empty after a success' } }),
  ms: Type.Integer({ about: { zh: '用时，毫秒', en: 'Took, in ms' } }),
  exchange: exchangeSchema,
})
export type SentView = Static<typeof sentSchema>

export function sentView({ status, error, ms, exchange }: SendResult, language: Language): SentView {
  return { status: status ?? 0, error: told(error, language), ms, exchange }
}

export const attemptSchema = Type.Object({
  n: Type.Integer({ about: { zh: '第几次', en: 'Which attempt' } }),
  at: Type.String({ about: { zh: '时间', en: 'Time' } }),
  ...sentSchema.properties,
})
export type AttemptView = Static<typeof attemptSchema>

const attemptsShown = 50

export async function attemptViews(
  ctx: Core,
  webhook: Webhook,
  seq: number,
  language: Language,
): Promise<AttemptView[]> {
  const rows = await attemptsOf(ctx.db, webhook, seq, attemptsShown)
  return rows.map(({ n, at, ms, status, error, content }) => ({
    n,
    at: at.toISOString(),
    ms,
    status: status ?? 0,
    error: told(error === null ? null : storedWords(error), language),
    exchange: openExchange(ctx, content),
  }))
}

function told(error: Words | string | null, language: Language): string {
  return error === null ? '' : wordsIn(language, error)
}
