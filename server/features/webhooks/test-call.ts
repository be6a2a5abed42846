import { randomBytes } from 'node:crypto'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { type SendResult, send } from './send.ts'
import { ownWebhook } from './webhooks.ts'

/** Sends an event of the type `webhook.test` now, also to a webhook that is off, and tells what came of it. Throws 1000. */
export async function testWebhook(
  ctx: Core & { outbound: Outbound },
  actor: string,
  developer: Pick<Caller, 'corpId' | 'devId'>,
  id: string,
): Promise<SendResult> {
  const { corpId, devId } = developer
  const webhook = await ownWebhook(ctx.db, developer, id)
  const data = { corpId, seq: 0, webhookId: id, message: '测试事件 / test event' }
  const timestamp = new Date(ctx.now()).toISOString()
  const body = Buffer.from(JSON.stringify({ type: 'webhook.test', timestamp, data }))
  const message = { id: `msg_test_${randomBytes(12).toString('hex')}`, body }
  const sent = await send(ctx, webhook, message, ctx.stopping)
  const detail = { webhookId: id, status: sent.status }
  await record(ctx.db, ctx, { corpId, actor, act: 'webhook.test', target: devId, detail })
  return sent
}
