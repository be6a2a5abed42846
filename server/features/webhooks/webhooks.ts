import { randomBytes } from 'node:crypto'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import { feedRange } from '../../organisation/directory/feed-store.ts'
import type { Act } from '../../platform/audit/acts.ts'
import { type Detail, record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import type { Db } from '../../platform/storage/db.ts'
import { checkTypes } from '../events/types.ts'
import { secretPurpose } from './sealed.ts'
import { newSecret } from './secrets.ts'
import * as store from './webhook-store.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers; outbound: Outbound }
type Owner = Pick<Caller, 'devId' | 'corpId'>

export const webhooksAtMost = 10
/** How long an old secret signs beside the new one, in hours. */
export const keptHours = { byDefault: 24, atMost: 168 }

export type WebhookSettings = {
  url: string
  types: string[]
  description: string
  /** Deliveries begin after this number of the feed; the end of the feed by default. */
  since: number
}

/** Subscribes to events. The secret is returned here and never again. Throws 1000. */
export async function addWebhook(
  ctx: Needs,
  actor: string,
  { corpId, devId }: Owner,
  settings: Partial<WebhookSettings> & Pick<WebhookSettings, 'url'>,
): Promise<{ webhook: store.Webhook; secret: string }> {
  checkOn(ctx, corpId, 'webhooks')
  const { types = [], description = '' } = settings
  checkTypes(ctx.offered, types)
  checkUrl(ctx, settings.url)
  const secret = newSecret()
  const id = `wh_${randomBytes(12).toString('hex')}`
  const sealed = ctx.seal.seal(secret, secretPurpose)
  const { url } = settings
  await ctx.db.transaction().execute(async tx => {
    await store.lockOwner(tx, devId)
    if ((await store.webhooksOf(tx, devId)).length >= webhooksAtMost)
      throw new ApiError('badParameter', {
        zh: `每个开发者最多 ${webhooksAtMost} 个订阅`,
        en: `a developer has at most ${webhooksAtMost} webhooks`,
      })
    const seq = await startOf(tx, corpId, settings.since)
    await store.insertWebhook(
      tx,
      { corpId, id, devId, url, types, description, secret: sealed, seq },
      new Date(ctx.now()),
    )
    await note(tx, ctx, { corpId, devId }, actor, 'webhook.add', { webhookId: id, url, types })
    await enqueueWebhook(ctx, tx, corpId, id)
  })
  return { webhook: await ownWebhook(ctx.db, { corpId, devId }, id), secret }
}

/** Changes a webhook, or switches it on or off. What waits is tried soon after it is switched on. Throws 1000. */
export async function setWebhook(
  ctx: Needs,
  actor: string,
  owner: Owner,
  id: string,
  change: Partial<WebhookSettings> & { isOn?: boolean },
): Promise<store.Webhook> {
  const { corpId } = owner
  const { isOn, since, ...rest } = change
  if (rest.types) checkTypes(ctx.offered, rest.types)
  if (rest.url !== undefined) checkUrl(ctx, rest.url)
  await ctx.db.transaction().execute(async tx => {
    const webhook = await lockOwn(tx, owner, id)
    const turned = isOn !== undefined && isOn !== webhook.isOn
    if (turned) await checkAlerts(ctx, tx, corpId)
    await store.updateWebhook(tx, corpId, id, {
      ...rest,
      ...(since === undefined ? {} : { seq: await startOf(tx, corpId, since) }),
      ...(turned ? { isOn, offAt: isOn ? null : new Date(ctx.now()) } : {}),
    })
    await note(tx, ctx, owner, actor, 'webhook.set', { webhookId: id, ...change })
    await enqueueWebhook(ctx, tx, corpId, id)
  })
  return ownWebhook(ctx.db, owner, id)
}

/** Ends a subscription; its log goes with it. Throws 1000. */
export async function removeWebhook(ctx: Core, actor: string, owner: Owner, id: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const { url } = await lockOwn(tx, owner, id)
    await store.deleteWebhook(tx, owner.corpId, id)
    await note(tx, ctx, owner, actor, 'webhook.delete', { webhookId: id, url })
  })
}

/**
 * Gives a webhook a new secret, which is returned once. The one before signs too for `hours`; one that is older still is dropped.
 * Throws 1000.
 */
export async function rotateWebhook(
  ctx: Core,
  actor: string,
  owner: Owner,
  id: string,
  hours = keptHours.byDefault,
): Promise<{ secret: string; oldEndsAt: Date }> {
  const secret = newSecret()
  const oldEndsAt = new Date(ctx.now() + hours * 3_600_000)
  await ctx.db.transaction().execute(async tx => {
    const webhook = await lockOwn(tx, owner, id)
    const change = { secret: ctx.seal.seal(secret, secretPurpose), oldSecret: webhook.secret, oldEndsAt }
    await store.updateWebhook(tx, owner.corpId, id, change)
    await note(tx, ctx, owner, actor, 'webhook.rotate', { webhookId: id, hours })
  })
  return { secret, oldEndsAt }
}

/** A webhook of this developer. Throws 1000. */
export async function ownWebhook(db: Db, { corpId, devId }: Owner, id: string): Promise<store.Webhook> {
  return checkOwn(await store.findWebhook(db, corpId, id), devId, id)
}

export async function lockOwn(tx: Db, { corpId, devId }: Owner, id: string): Promise<store.Webhook> {
  return checkOwn(await store.lockWebhook(tx, corpId, id), devId, id)
}

function checkOwn(webhook: store.Webhook | undefined, devId: string, id: string): store.Webhook {
  if (webhook?.devId !== devId)
    throw new ApiError('badParameter', { zh: told`没有订阅 ${id}`, en: told`there is no webhook ${id}` })
  return webhook
}

/** Makes the queue look at the webhook soon. */
export async function enqueueWebhook(ctx: Core, tx: Db, corpId: string, id: string): Promise<void> {
  await enqueue(tx, [{ corpId, stream: 'webhook', key: id }], new Date(ctx.now()))
}

function note(
  tx: Db,
  ctx: Core,
  { corpId, devId }: Owner,
  actor: string,
  act: Act,
  detail: Detail,
): Promise<void> {
  return record(tx, ctx, { corpId, actor, act, target: devId, detail })
}

async function startOf(tx: Db, corpId: string, since: number | undefined): Promise<number> {
  const { first, seq } = await feedRange(tx, corpId)
  if (since === undefined) return seq
  if (since > seq)
    throw new ApiError('badParameter', {
      zh: told`since ${since} 大于最新编号 ${seq}`,
      en: told`since ${since} is beyond the newest number ${seq}`,
    })
  return Math.max(since, first - 1)
}

/** A name is looked up when something is sent, because it may lead elsewhere by then. */
function checkUrl({ outbound }: Needs, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new ApiError('badParameter', {
      zh: 'url 应为 https:// 或 http:// 开头的完整地址',
      en: 'url should be a complete address with https:// or http://',
    })
  if (url.username || url.password || url.hash)
    throw new ApiError('badParameter', {
      zh: 'url 不能带用户名、密码或 # 部分',
      en: 'url takes no user name, password or fragment',
    })
  try {
    outbound.checkEntered(url.hostname.replace(/^\[|\]$/g, ''))
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error
    throw new ApiError('badParameter', {
      zh: told`url: ${error.words.zh}`,
      en: told`url: ${error.words.en}`,
    })
  }
}
