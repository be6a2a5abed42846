import { Type } from 'typebox'
import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developer, Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  choice,
  optionalChoice,
  optionalIds,
  optionalInteger,
  optionalText,
  optionalTime,
  text,
} from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { languageOf } from '../../../platform/words.ts'
import { subscribable, typesAtMost } from '../../events/types.ts'
import { rangeOf, testTypeField } from '../api.ts'
import { deliveryStates, listDeliveries } from '../log-store.ts'
import { replay } from '../replay.ts'
import { testWebhook } from '../test-call.ts'
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
} from '../view.ts'
import { webhooksOf } from '../webhook-store.ts'
import {
  addWebhook,
  keptHours,
  ownWebhook,
  removeWebhook,
  rotateWebhook,
  setWebhook,
  webhooksAtMost,
} from '../webhooks.ts'

type Needs = Core & { developers: Developers }

const devId = text('devId', { max: 64 })
const webhookId = text('订阅 id', { max: 64 })
const formInput = {
  devId,
  url: text('接收地址', { max: 500 }),
  types: optionalIds('事件类型；空为全部', { max: typesAtMost }),
  description: optionalText('说明', { max: 200 }),
}

/** Throws 1002 for an unknown developer or one of another corp. */
function developerOf(ctx: Needs, corpId: string, devId: string): Developer {
  checkDeveloper(ctx, corpId, devId)
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  return developer
}

export const developerWebhooks = pageCall({
  method: 'GET',
  path: '/web/developers/webhooks',
  access: owner,
  point: 'developer:read',
  input: { devId },
  output: Type.Object({
    list: Type.Array(webhookSchema),
    atMost: Type.Number(),
    /** What can be chosen. */
    types: Type.Array(Type.String()),
    /** Whether the developer may subscribe, and its webhooks are told. */
    mayListen: Type.Boolean(),
  }),
  async handle(ctx: Needs & { offered: FeatureOffers }, { corpId, input }) {
    const { scopes, enabled } = developerOf(ctx, corpId, input.devId)
    return {
      list: await webhookViews(ctx, input.devId, await webhooksOf(ctx.db, input.devId)),
      atMost: webhooksAtMost,
      types: subscribable(ctx.offered),
      mayListen: enabled && scopes.has('webhook:manage'),
    }
  },
})

export const addDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/add',
  access: owner,
  point: 'developer:webhook',
  input: formInput,
  /** The secret is returned here and never again. */
  output: Type.Object({ webhook: webhookSchema, secret: Type.String() }),
  async handle(
    ctx: Needs & { corps: Corps; offered: FeatureOffers; outbound: Outbound },
    { corpId, input, visitor },
  ) {
    const { url, types, description = '' } = input
    const developer = developerOf(ctx, corpId, input.devId)
    const { webhook, secret } = await addWebhook(ctx, visitor.actor, developer, { url, types, description })
    return { webhook: await webhookView(ctx, webhook), secret }
  },
})

export const saveDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/save',
  access: owner,
  point: 'developer:webhook',
  input: { ...formInput, webhookId },
  output: webhookSchema,
  async handle(
    ctx: Needs & { corps: Corps; offered: FeatureOffers; outbound: Outbound },
    { corpId, input, visitor },
  ) {
    const { url, types, description = '' } = input
    const developer = developerOf(ctx, corpId, input.devId)
    const change = { url, types, description }
    return webhookView(ctx, await setWebhook(ctx, visitor.actor, developer, input.webhookId, change))
  },
})

export const switchDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/switch',
  access: owner,
  point: 'developer:webhook',
  input: { devId, webhookId, state: choice('on 启用；off 停用', ['on', 'off'] as const) },
  output: webhookSchema,
  async handle(
    ctx: Needs & { corps: Corps; offered: FeatureOffers; outbound: Outbound },
    { corpId, input, visitor },
  ) {
    const developer = developerOf(ctx, corpId, input.devId)
    const change = { isOn: input.state === 'on' }
    return webhookView(ctx, await setWebhook(ctx, visitor.actor, developer, input.webhookId, change))
  },
})

export const removeDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/remove',
  access: owner,
  point: 'developer:webhook',
  input: { devId, webhookId },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    await removeWebhook(ctx, visitor.actor, developerOf(ctx, corpId, input.devId), input.webhookId)
    return {}
  },
})

export const rotateDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/rotate',
  access: owner,
  point: 'developer:webhook',
  input: {
    devId,
    webhookId,
    keepHours: optionalInteger('旧密钥再用几小时', { min: 0, max: keptHours.atMost }),
  },
  output: Type.Object({ secret: Type.String(), oldSecretEndsAt: Type.String() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const developer = developerOf(ctx, corpId, input.devId)
    const { webhookId, keepHours } = input
    const { secret, oldEndsAt } = await rotateWebhook(ctx, visitor.actor, developer, webhookId, keepHours)
    return { secret, oldSecretEndsAt: oldEndsAt.toISOString() }
  },
})

const shownAtOnce = 20

export const developerWebhookLog = pageCall({
  method: 'GET',
  path: '/web/developers/webhooks/log',
  access: owner,
  point: 'developer:log',
  input: {
    devId,
    webhookId,
    state: optionalChoice('状态', deliveryStates),
    type: optionalText('事件类型', { max: 64 }),
    before: optionalInteger('只要编号小于它的', { min: 1, max: Number.MAX_SAFE_INTEGER }),
  },
  /** `next` is `before` of the next page; 0 on the last. */
  output: Type.Object({ list: Type.Array(deliverySchema), next: Type.Number() }),
  async handle(ctx: Needs, { corpId, input, request }) {
    const { state, type, before } = input
    const webhook = await ownWebhook(ctx.db, developerOf(ctx, corpId, input.devId), input.webhookId)
    const rows = await listDeliveries(ctx.db, webhook, { state, type, before }, shownAtOnce)
    const language = languageOf(request.headers['accept-language'])
    return {
      list: rows.map(row => deliveryView(webhook.id, row, language)),
      next: rows.length === shownAtOnce ? (rows.at(-1)?.seq ?? 0) : 0,
    }
  },
})

export const developerWebhookAttempts = pageCall({
  method: 'GET',
  path: '/web/developers/webhooks/attempts',
  access: owner,
  point: 'developer:log',
  input: { devId, webhookId, seq: requiredId('事件编号') },
  output: Type.Object({ list: Type.Array(attemptSchema) }),
  async handle(ctx: Needs, { corpId, input, request }) {
    const webhook = await ownWebhook(ctx.db, developerOf(ctx, corpId, input.devId), input.webhookId)
    const language = languageOf(request.headers['accept-language'])
    return { list: await attemptViews(ctx, webhook, input.seq, language) }
  },
})

export const testDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/test',
  access: owner,
  point: 'developer:webhook',
  outgoing: true,
  input: { devId, webhookId, type: testTypeField },
  output: sentSchema,
  async handle(
    ctx: Needs & { corps: Corps; offered: FeatureOffers; outbound: Outbound },
    { corpId, input, visitor, request },
  ) {
    const developer = developerOf(ctx, corpId, input.devId)
    const sent = await testWebhook(ctx, visitor.actor, developer, input.webhookId, input.type)
    return sentView(sent, languageOf(request.headers['accept-language']))
  },
})

const number = (what: string) => optionalInteger(what, { min: 1, max: Number.MAX_SAFE_INTEGER })

export const replayDeveloperWebhook = pageCall({
  method: 'POST',
  path: '/web/developers/webhooks/replay',
  access: owner,
  point: 'developer:webhook',
  directory: true,
  input: {
    devId,
    webhookId,
    seq: number('一个事件的编号'),
    fromSeq: number('起始编号（含）'),
    toSeq: number('结束编号（含）'),
    from: optionalTime('起始时间'),
    to: optionalTime('结束时间'),
  },
  output: Type.Object({ count: Type.Number() }),
  async handle(
    ctx: Needs & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers },
    { corpId, input, visitor },
  ) {
    const developer = developerOf(ctx, corpId, input.devId)
    return { count: await replay(ctx, visitor.actor, developer, input.webhookId, rangeOf(input)) }
  },
})
