import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { type Language, storedWords, type Words, wordsIn } from '../../platform/http/words.ts'
import { messageId } from './deliver.ts'
import { attemptsOf, countDeliveries, type DeliveryRow, deliveryStates } from './log-store.ts'
import { openExchange, type SendResult } from './send.ts'
import type { Webhook } from './webhook-store.ts'

const when = (description: string) => Type.String({ description: `${description}；没有时为空` })
const iso = (at: Date | null) => at?.toISOString() ?? ''

export const webhookSchema = Type.Object({
  webhookId: Type.String({ description: '订阅 id' }),
  url: Type.String({ description: '接收地址' }),
  types: Type.Array(Type.String(), { description: '事件类型或其点号前的部分；空数组为全部' }),
  description: Type.String({ description: '说明' }),
  state: Type.Enum(['on', 'off'], { description: 'on 启用；off 停用' }),
  offReason: Type.Enum(['', 'developer', 'failing', 'gone'], {
    description: '停用原因：developer 自己停用；failing 连续三天没有一次成功；gone 接收方应答 410',
  }),
  offAt: when('停用时间'),
  seq: Type.Integer({ description: '已处理到的编号' }),
  waiting: Type.Integer({ description: '等待投递的事件数' }),
  failed: Type.Integer({ description: '放弃投递的事件数' }),
  failingSince: when('从何时起没有一次成功'),
  pausedUntil: when('连续失败，暂停到何时'),
  succeededAt: when('最近一次成功的时间'),
  oldSecretEndsAt: when('旧密钥失效的时间'),
  createdAt: Type.String({ description: '创建时间' }),
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
  seq: Type.Integer({ description: '事件编号' }),
  webhookMessageId: Type.String({ description: '请求头 webhook-id' }),
  type: Type.String({ description: '事件类型' }),
  entity: Type.String({ description: '事件所关于的对象，同一对象的事件按顺序投递' }),
  state: Type.Enum([...deliveryStates], {
    description: 'waiting 等待投递或重试；done 已收到；failed 已放弃；skipped 投递时已不在数据范围内',
  }),
  attempts: Type.Integer({ description: '已尝试次数' }),
  createdAt: Type.String({ description: '加入队列的时间' }),
  nextAt: when('下次尝试的时间'),
  endedAt: when('结束时间'),
  status: Type.Integer({ description: '最近一次应答的 HTTP 状态；没有应答为 0' }),
  error: Type.String({ description: '最近一次失败的原因' }),
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
  headers: Type.Record(Type.String(), Type.String(), { description: '请求头' }),
  body: Type.String({ description: '请求体，最多 8192 字节' }),
  isCut: Type.Boolean({ description: '请求体比这里显示的长' }),
  answer: Type.Union([Type.Object({ type: Type.String(), body: Type.String() }), Type.Null()], {
    description: '应答的 Content-Type 与最多 2048 字节的内容；没有应答或不显示时为 null',
  }),
})

export const sentSchema = Type.Object({
  status: Type.Integer({ description: 'HTTP 状态；没有应答为 0' }),
  error: Type.String({ description: '失败原因；成功时为空' }),
  ms: Type.Integer({ description: '用时，毫秒' }),
  exchange: exchangeSchema,
})
export type SentView = Static<typeof sentSchema>

export function sentView({ status, error, ms, exchange }: SendResult, language: Language): SentView {
  return { status: status ?? 0, error: told(error, language), ms, exchange }
}

export const attemptSchema = Type.Object({
  n: Type.Integer({ description: '第几次' }),
  at: Type.String({ description: '时间' }),
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
