import { type Static, Type } from 'typebox'
import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalIds, optionalText, text } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, owner, pageCall } from '../../../platform/http/page-call.ts'
import { scopes } from '../../../platform/http/scope.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkDeveloper } from '../console/developers.ts'
import type { Developers } from '../developers.ts'
import { lastDayOf } from '../scopes/scope-ends.ts'
import { peopleOf } from './owner-store.ts'
import { type RequestRow, requestsOf } from './request-store.ts'
import { askForScopes, decideRequest } from './scope-requests.ts'

type Needs = Core & { corps: Corps; developers: Developers }

const devId = text('devId', { max: 64 })
const upstreamPaths = optionalIds('代调用的接口，如 wecom/checkin/getcheckindata', { max: 200 })
const id = requiredId('申请的编号')
const reason = (description: string) => text(description, { max: 500, lines: true })

const timeOrNull = Type.Union([time, Type.Null()])
const requestSchema = Type.Object({
  id: Type.Number(),
  devId: Type.String(),
  developer: Type.String(),
  userId: Type.String(),
  userName: Type.String(),
  scopes: Type.Array(Type.String()),
  /** Calls of vendors, such as `wecom/checkin/getcheckindata`. */
  upstreamPaths: Type.Array(Type.String()),
  reason: Type.String(),
  askedAt: time,
  state: Type.Enum(['asked', 'granted', 'refused']),
  decidedAt: timeOrNull,
  decidedBy: Type.String(),
  /** Why it was refused. */
  why: Type.String(),
  /** The last day of what was granted; '' without an end. */
  lastDay: Type.String(),
})
export type ScopeRequest = Static<typeof requestSchema>
const listSchema = Type.Object({ list: Type.Array(requestSchema), total: Type.Number() })

export const listRequests = pageCall({
  method: 'GET',
  path: '/web/developers/scope-requests',
  access: owner,
  point: 'developer:read',
  input: { devId, ...paging },
  output: listSchema,
  async handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    const asked = { devId: input.devId, openOnly: false, ...pageOf(input) }
    return shown(ctx, corpId, await requestsOf(ctx.db, corpId, asked))
  },
})

/** The requests of all developers that wait for an administrator. */
export const listWaitingRequests = pageCall({
  method: 'GET',
  path: '/web/developers/scope-requests/waiting',
  access: administrator('super'),
  point: 'developer:read',
  input: { ...paging },
  output: listSchema,
  handle: async (ctx: Needs, { corpId, input }) =>
    shown(ctx, corpId, await requestsOf(ctx.db, corpId, { openOnly: true, ...pageOf(input) })),
})

export const askForScopesCall = pageCall({
  method: 'POST',
  path: '/web/developers/scope-requests/ask',
  access: owner,
  point: 'developer:edit',
  input: {
    devId,
    scopes: optionalIds('权限', { max: scopes.length }),
    upstreamPaths,
    reason: reason('理由'),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: Needs & { offered: FeatureOffers }, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    return { id: await askForScopes(ctx, visitor, input.devId, input) }
  },
})

export const grantScopes = pageCall({
  method: 'POST',
  path: '/web/developers/scope-requests/grant',
  access: administrator('super'),
  point: 'developer:grant',
  input: { id, lastDay: optionalText('到期日，例如 2026-12-31；空为不限期', { max: 10 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const { id, lastDay } = input
    await decideRequest(ctx, visitor.actor, corpId, id, { state: 'granted', lastDay, by: visitor })
    return {}
  },
})

export const refuseScopes = pageCall({
  method: 'POST',
  path: '/web/developers/scope-requests/refuse',
  access: administrator('super'),
  point: 'developer:grant',
  input: { id, why: reason('拒绝的原因') },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const { id, why } = input
    await decideRequest(ctx, visitor.actor, corpId, id, { state: 'refused', why })
    return {}
  },
})

async function shown(
  ctx: Needs,
  corpId: string,
  { list, total }: { list: RequestRow[]; total: number },
): Promise<Static<typeof listSchema>> {
  const people = await peopleOf(ctx.db, corpId, [...new Set(list.map(row => row.memberId))])
  const named = new Map(people.map(one => [one.memberId, one]))
  return {
    total,
    list: list.map(({ corpId: _, memberId, decidedBy, until, ...row }) => ({
      ...row,
      developer: ctx.developers.get(row.devId)?.name ?? '',
      userId: named.get(memberId)?.userId ?? '',
      userName: named.get(memberId)?.name ?? '',
      decidedBy: decidedBy ?? '',
      lastDay: until ? lastDayOf(until, zoneOf(ctx, corpId)) : '',
    })),
  }
}
