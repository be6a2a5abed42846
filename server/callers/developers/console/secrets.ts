import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice, text } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { revokeSecret, rotateSecret } from '../developer-admin.ts'
import type { Developers } from '../developers.ts'
import { lendToken } from '../lend-token.ts'
import { developerUsage } from '../overview.ts'
import { checkDeveloper } from './developers.ts'

type Needs = Core & { developers: Developers; offered: FeatureOffers }

const devId = text('devId', { max: 64 })

/** Creates a second secret beside the present one, which is shown once. A third is refused. */
export const addDeveloperSecret = pageCall({
  method: 'POST',
  path: '/web/developers/add-secret',
  access: owner,
  point: 'developer:secret',
  input: { devId },
  output: Type.Object({
    devId: Type.String(),
    devSecret: Type.String(),
  }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    const { devId, devSecret } = await rotateSecret(
      ctx,
      visitor.actor,
      input.devId,
      false,
      visitor.member?.id,
    )
    return { devId, devSecret }
  },
})

/** Tokens issued for the secret become invalid at once, on every node. */
export const revokeDeveloperSecret = pageCall({
  method: 'POST',
  path: '/web/developers/revoke-secret',
  access: owner,
  point: 'developer:secret',
  input: {
    devId,
    secretId: requiredId('密钥编号'),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    await revokeSecret(ctx, visitor.actor, input.devId, input.secretId)
    return {}
  },
})

/** For the button that opens the docs: a devToken to try calls with. */
export const lendDeveloperToken = pageCall({
  method: 'POST',
  path: '/web/developers/lend-token',
  access: owner,
  point: 'developer:secret',
  input: { devId },
  output: Type.Object({ devToken: Type.String(), expiresIn: Type.Number() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    return lendToken(ctx, visitor, input.devId)
  },
})

const dayMs = 86_400_000

export const developerStatistics = pageCall({
  method: 'GET',
  path: '/web/developers/usage',
  access: owner,
  point: 'developer:read',
  input: { devId, days: choice('最近几天', ['7', '30', '90'] as const) },
  output: Type.Object({
    /** Every day of the period in Beijing time, oldest first, including days without calls. */
    days: Type.Array(
      Type.Object({
        day: Type.String(),
        calls: Type.Number(),
        failures: Type.Number(),
      }),
    ),
    /** Busiest first. */
    endpoints: Type.Array(
      Type.Object({
        endpoint: Type.String(),
        calls: Type.Number(),
        failures: Type.Number(),
      }),
    ),
    calls: Type.Number(),
    failures: Type.Number(),
  }),
  async handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    const count = Number(input.days)
    const usage = await developerUsage(ctx, input.devId, count)
    const none = () => ({ calls: 0, failures: 0 })
    const days = new Map(
      Array.from({ length: count }, (_, index) => [dayOf(ctx.now() - (count - 1 - index) * dayMs), none()]),
    )
    const endpoints = new Map<string, { calls: number; failures: number }>()
    const all = none()
    for (const { day, endpoint, calls, failures } of usage) {
      const sums = [days.getOrInsertComputed(day, none), endpoints.getOrInsertComputed(endpoint, none), all]
      for (const sum of sums) {
        sum.calls += calls
        sum.failures += failures
      }
    }
    return {
      days: [...days].map(([day, sum]) => ({ day, ...sum })),
      endpoints: [...endpoints]
        .map(([endpoint, sum]) => ({ endpoint, ...sum }))
        .sort((a, b) => b.calls - a.calls || a.endpoint.localeCompare(b.endpoint)),
      ...all,
    }
  },
})
