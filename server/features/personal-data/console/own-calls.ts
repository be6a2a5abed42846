import { Type } from 'typebox'
import { findConsents } from '../../../callers/consents/store.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { askCopy, finishedCopy, takeCopy } from '../copies/copy.ts'
import { copyFormats } from '../copies/render.ts'
import { findRequests } from '../request-store.ts'
import { sendCopy } from './send-copy.ts'
import { consentShape, consentView, requestShape, requestView } from './shapes.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const shownAtMost = 20

/** The person's copies and consents; a local account has neither. */
export const ownPersonal = pageCall({
  method: 'GET',
  path: '/web/portal/personal',
  access: person,
  input: {},
  output: Type.Object({ copies: Type.Array(requestShape), consents: Type.Array(consentShape) }),
  async handle(ctx: Core, { corpId, visitor }) {
    const memberId = visitor.member?.id
    if (memberId === undefined) return { copies: [], consents: [] }
    const page = { limit: shownAtMost, offset: 0 }
    const [copies, consents] = await Promise.all([
      findRequests(ctx.db, { corpId, memberId, kind: 'copy' }, page),
      findConsents(ctx.db, { corpId, memberId }, page),
    ])
    return {
      copies: copies.list.map(requestView),
      consents: consents.list.map(one => consentView(one, visitor.member?.name ?? '')),
    }
  },
})

export const ownCopy = pageCall({
  method: 'POST',
  path: '/web/portal/personal/copy',
  access: person,
  input: {},
  output: Type.Object({ id: Type.Integer() }),
  async handle(ctx: Core, { corpId, visitor }) {
    const member = memberOf(visitor)
    const { id: memberId, userId, name } = member
    const asked = { cause: 'own' as const, reason: '' }
    return { id: await askCopy(ctx, visitor.actor, corpId, { memberId, userId, name }, asked) }
  },
})

export const ownCopyTake = pageCall({
  method: 'GET',
  path: '/web/portal/personal/take',
  access: person,
  input: { id: requiredId('副本的编号'), format: optionalChoice('格式', copyFormats) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor, reply }) {
    const { id, format = 'html' } = input
    const request = await finishedCopy(ctx, corpId, id)
    // Another person's copy is as one that is not there.
    if (request.memberId !== memberOf(visitor).id) throw noCopy(id)
    const file = await takeCopy(ctx, visitor.actor, corpId, request, format)
    return sendCopy(reply, file, { name: 'my-data', format })
  },
})

function memberOf(visitor: Visitor) {
  if (visitor.member) return visitor.member
  throw new ApiError('badParameter', {
    zh: '系统账号不是企业的成员，没有个人信息副本',
    en: 'a system account is not a member of the corp and has no copy of personal data',
  })
}

function noCopy(id: number): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有编号为 ${own(id)} 的副本`,
    en: told`there is no copy ${own(id)}`,
  })
}
