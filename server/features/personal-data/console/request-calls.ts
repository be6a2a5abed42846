import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalChoice, optionalInteger, text } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { askCopy, finishedCopy, takeCopy } from '../copies/copy.ts'
import { copyFormats } from '../copies/render.ts'
import { askErasure } from '../erasure/erase.ts'
import { findPerson } from '../find-person.ts'
import { eraseDaysOf, findRequests } from '../request-store.ts'
import { eraseDays, setEraseDays } from '../settings.ts'
import { sendCopy } from './send-copy.ts'
import { requestShape, requestView } from './shapes.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

export const reasonAtMost = 500
const ofPerson = {
  userId: text('账号', { max: 64 }),
  id: optionalInteger('人员编号，几个已离职的人用过同一账号时须填', { min: 1, max: Number.MAX_SAFE_INTEGER }),
  reason: text('原因', { max: reasonAtMost }),
}

export const personalRequests = pageCall({
  method: 'GET',
  path: '/web/personal/requests',
  access: administrator('super'),
  point: 'person:read',
  input: {
    kind: optionalChoice('只看', ['copy', 'erase']),
    state: optionalChoice('状态', ['asked', 'done', 'refused', 'failed']),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(requestShape),
    total: Type.Integer(),
    /** Days after leaving; null: only when asked for. */
    eraseDays: Type.Union([Type.Integer(), Type.Null()]),
  }),
  async handle(ctx: Core, { corpId, input }) {
    const { kind, state } = input
    const { list, total } = await findRequests(ctx.db, { corpId, kind, state }, pageOf(input))
    const days = await eraseDaysOf(ctx.db, corpId)
    return { list: list.map(requestView), total, eraseDays: days ?? null }
  },
})

export const personalCopy = pageCall({
  method: 'POST',
  path: '/web/personal/copy',
  access: administrator('super'),
  point: 'person:copy',
  input: ofPerson,
  output: Type.Object({ id: Type.Integer() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const person = await findPerson(ctx, corpId, input)
    const asked = { cause: 'asked' as const, reason: input.reason }
    return { id: await askCopy(ctx, visitor.actor, corpId, person, asked) }
  },
})

export const personalCopyTake = pageCall({
  method: 'GET',
  path: '/web/personal/copy/take',
  access: administrator('super'),
  point: 'person:copy',
  input: { id: requiredId('副本的编号'), format: optionalChoice('格式', copyFormats) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor, reply }) {
    const { id, format = 'html' } = input
    const request = await finishedCopy(ctx, corpId, id)
    const file = await takeCopy(ctx, visitor.actor, corpId, request, format)
    return sendCopy(reply, file, { name: `person-${request.memberId}`, format })
  },
})

export const personalErase = pageCall({
  method: 'POST',
  path: '/web/personal/erase',
  access: administrator('super'),
  point: 'person:erase',
  input: ofPerson,
  output: Type.Object({ id: Type.Integer() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const person = await findPerson(ctx, corpId, input)
    const asked = { cause: 'asked' as const, reason: input.reason }
    return { id: await askErasure(ctx, visitor.actor, corpId, person, asked) }
  },
})

export const personalSettings = pageCall({
  method: 'POST',
  path: '/web/personal/settings',
  access: administrator('super'),
  point: 'person:erase',
  input: { eraseDays: optionalInteger('离职多少天后删除；不填为不自动删除', eraseDays) },
  output: Type.Object({}),
  async handle(ctx: Core, { corpId, input, visitor }) {
    await setEraseDays(ctx, visitor.actor, corpId, input.eraseDays)
    return {}
  },
})
