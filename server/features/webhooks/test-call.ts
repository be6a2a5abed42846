import { randomBytes } from 'node:crypto'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { nearestName } from '../../platform/http/mistakes/unknown-names.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { testType } from './event-types.ts'
import { type SendResult, send } from './send.ts'
import { ownWebhook } from './webhooks.ts'

/**
 * Sends the sample of this type of event now (`webhook.test` by default), also to a webhook that is off or wants other types, and tells
 * what came of it. Throws 1000.
 */
export async function testWebhook(
  ctx: Core & { offered: FeatureOffers; outbound: Outbound },
  actor: string,
  developer: Pick<Caller, 'corpId' | 'devId'>,
  id: string,
  type: string = testType,
): Promise<SendResult> {
  const { corpId, devId } = developer
  const webhook = await ownWebhook(ctx.db, developer, id)
  const named = type === testType ? { webhookId: id } : {}
  const data = { corpId, seq: 0, ...sampleOf(ctx.offered, type), ...named }
  const timestamp = new Date(ctx.now()).toISOString()
  const body = Buffer.from(JSON.stringify({ type, timestamp, data }))
  const message = { id: `msg_test_${randomBytes(12).toString('hex')}`, body }
  const sent = await send(ctx, webhook, message, ctx.stopping)
  const detail = { webhookId: id, type, status: sent.status }
  await record(ctx.db, ctx, { corpId, actor, act: 'webhook.test', target: devId, detail })
  return sent
}

function sampleOf({ eventTypes }: FeatureOffers, type: string): Record<string, unknown> {
  const declared = Object.hasOwn(eventTypes, type) ? eventTypes[type] : undefined
  if (declared) return declared.sample
  const known = Object.keys(eventTypes)
  const nearest = nearestName(type, known)
  throw new ApiError('badParameter', {
    zh: told`type: 没有事件类型 ${type}${own(nearest ? `，是不是 ${nearest}？` : `；可用: ${known.join('、')}`)}`,
    en: told`type: there is no event ${type}${own(nearest ? `; did you mean ${nearest}?` : `; there are: ${known.join(', ')}`)}`,
  })
}
