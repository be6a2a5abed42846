import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalChoice, text } from '../../../platform/http/input.ts'
import { helpDesk, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { helperOf, servedMember } from '../../help-desk/whom-it-serves.ts'
import { askCopy, finishedCopy, takeCopy } from '../copies/copy.ts'
import { copyFormats } from '../copies/render.ts'
import { findRequests } from '../request-store.ts'
import { sendCopy } from './send-copy.ts'
import { requestShape, requestView } from './shapes.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers; roles: Roles }

const ofMember = { userId: text('账号', { max: 64 }) }
const shownAtMost = 5

/** For members who ask the help desk and cannot do it themselves: people with a role ask on their own pages. */
export const helpDeskCopies = pageCall({
  method: 'GET',
  path: '/web/help-desk/copies',
  access: helpDesk,
  point: 'help-desk:copy',
  directory: true,
  input: ofMember,
  output: Type.Object({ list: Type.Array(requestShape) }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const { id: memberId } = await servedMember(ctx, helperOf(ctx, corpId, visitor), input.userId)
    const page = { limit: shownAtMost, offset: 0 }
    const { list } = await findRequests(ctx.db, { corpId, memberId, kind: 'copy' }, page)
    return { list: list.map(requestView) }
  },
})

export const helpDeskCopy = pageCall({
  method: 'POST',
  path: '/web/help-desk/copy',
  access: helpDesk,
  point: 'help-desk:copy',
  directory: true,
  input: ofMember,
  output: Type.Object({ id: Type.Integer() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const {
      id: memberId,
      userId,
      name,
    } = await servedMember(ctx, helperOf(ctx, corpId, visitor), input.userId)
    const asked = { cause: 'asked' as const, reason: '' }
    return { id: await askCopy(ctx, visitor.actor, corpId, { memberId, userId, name }, asked) }
  },
})

export const helpDeskCopyTake = pageCall({
  method: 'GET',
  path: '/web/help-desk/copy/take',
  access: helpDesk,
  point: 'help-desk:copy',
  directory: true,
  input: { ...ofMember, format: optionalChoice('格式', copyFormats) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor, reply }) {
    const { userId, format = 'html' } = input
    const { id: memberId } = await servedMember(ctx, helperOf(ctx, corpId, visitor), userId)
    const page = { limit: 1, offset: 0 }
    const { list } = await findRequests(ctx.db, { corpId, memberId, kind: 'copy', state: 'done' }, page)
    const request = await finishedCopy(ctx, corpId, list[0]?.id ?? 0)
    const file = await takeCopy(ctx, visitor.actor, corpId, request, format)
    return sendCopy(reply, file, { name: `person-${memberId}`, format })
  },
})
