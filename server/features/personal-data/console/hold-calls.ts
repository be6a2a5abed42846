import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { findConsents } from '../../../callers/consents/store.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalFlag, optionalInteger, text, time } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { own, told } from '../../../platform/http/told.ts'
import { copyFormats, renderCopy } from '../copies/render.ts'
import { findPerson } from '../find-person.ts'
import { findHold, findHolds } from '../holds/hold-store.ts'
import { endHold, holdPerson, holdReasonAtMost, readHeld } from '../holds/holds.ts'
import { sendCopy } from './send-copy.ts'
import { consentShape, consentView, holdShape, holdView } from './shapes.ts'

type Needs = Core & { corps: Corps }

export const personalHolds = pageCall({
  method: 'GET',
  path: '/web/personal/holds',
  access: administrator('super'),
  point: 'person:read',
  input: { open: optionalFlag('只看未结束的或已结束的'), ...paging },
  output: Type.Object({ list: Type.Array(holdShape), total: Type.Integer() }),
  async handle(ctx: Core, { corpId, input }) {
    const { list, total } = await findHolds(ctx.db, { corpId, isOpen: input.open }, pageOf(input))
    return { list: list.map(holdView), total }
  },
})

export const personalHold = pageCall({
  method: 'POST',
  path: '/web/personal/hold',
  access: administrator('super'),
  point: 'person:hold',
  input: {
    userId: text('账号', { max: 64 }),
    id: optionalInteger('人员编号', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    reason: text('原因', { max: holdReasonAtMost }),
    until: time('到何时'),
  },
  output: Type.Object({ id: Type.Integer() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    const person = await findPerson(ctx, corpId, input)
    return { id: await holdPerson(ctx, visitor.actor, corpId, person, input) }
  },
})

export const personalHoldEnd = pageCall({
  method: 'POST',
  path: '/web/personal/hold/end',
  access: administrator('super'),
  point: 'person:hold',
  input: { id: requiredId('保全的编号') },
  output: Type.Object({}),
  async handle(ctx: Core, { corpId, input, visitor }) {
    await endHold(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

/** What was put by of a held person, also what is gone elsewhere by now. */
export const personalHoldTake = pageCall({
  method: 'GET',
  path: '/web/personal/hold/take',
  access: administrator('super'),
  point: 'person:hold',
  input: { id: requiredId('保全的编号'), format: optionalChoice('格式', copyFormats) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor, reply }) {
    const { id, format = 'html' } = input
    const hold = await findHold(ctx.db, corpId, id)
    if (!hold || hold.endedAt)
      throw new ApiError('badParameter', {
        zh: told`没有编号为 ${own(id)} 的保全，或已结束`,
        en: told`there is no hold ${own(id)}, or it has ended`,
      })
    const { userId, name, memberId } = hold
    const entry = { corpId, actor: visitor.actor, act: 'person.copy-taken' as const, target: userId }
    await record(ctx.db, ctx, { ...entry, targetName: name, detail: { hold: id, format } })
    const head = { corp: ctx.corps.get(corpId).name, userId, name, at: new Date(ctx.now()) }
    const file = Readable.from(renderCopy(format, head, readHeld(ctx, corpId, id)))
    return sendCopy(reply, file, { name: `hold-${memberId}`, format })
  },
})

/** The ledger of consents. */
export const personalConsents = pageCall({
  method: 'GET',
  path: '/web/personal/consents',
  access: administrator('super'),
  point: 'person:read',
  directory: true,
  input: { standing: optionalFlag('只看有效的或已撤回的'), ...paging },
  output: Type.Object({ list: Type.Array(consentShape), total: Type.Integer() }),
  async handle(ctx: Core & { mirrors: Mirrors }, { corpId, input }) {
    const { list, total } = await findConsents(ctx.db, { corpId, standing: input.standing }, pageOf(input))
    const { members } = ctx.mirrors.of(corpId)
    return { list: list.map(one => consentView(one, members.byId(one.memberId)?.name ?? '')), total }
  },
})
