import { Type } from 'typebox'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import { maskMobile } from '../../../organisation/directory/mask-mobile.ts'
import { externalFeature } from '../../../organisation/directory/mirror/members.ts'
import { flag, text } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { pageCall, refused } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { ExternalNeeds } from '../people.ts'
import type { MailNeeds } from '../sign-in/send-mail.ts'
import { askToProve, decideBecoming, prove } from './become.ts'
import { listBecoming } from './becoming-store.ts'

type Needs = ExternalNeeds & MailNeeds

function memberOf(visitor: Visitor) {
  if (visitor.member) return { ...visitor, member: visitor.member }
  throw refused({ zh: '此操作只供成员本人', en: 'only members do this, for themselves' })
}

/** What the signed-in member is asked about people from outside: whether one is them, and whether one whom they sponsor is a member. */
export const myExternal = pageCall({
  method: 'GET',
  path: '/web/portal/external',
  access: { by: 'person' },
  directory: true,
  input: {},
  output: Type.Object({
    /** Before the proof, only what the member knows already. */
    mine: Type.Array(
      Type.Object({ externalId: Type.Number(), mobile: Type.String(), isProved: Type.Boolean() }),
    ),
    sponsored: Type.Array(
      Type.Object({
        externalId: Type.Number(),
        memberId: Type.Number(),
        name: Type.String(),
        organisation: Type.String(),
        memberName: Type.String(),
        memberUserId: Type.String(),
      }),
    ),
  }),
  async handle(ctx: Needs, { visitor, corpId }) {
    if (!visitor.member || !isOn(ctx, corpId, externalFeature)) return { mine: [], sponsored: [] }
    const { id } = visitor.member
    const [mine, sponsored] = await Promise.all([
      listBecoming(ctx.db, { corpIds: [corpId], memberId: id }),
      listBecoming(ctx.db, { corpIds: [corpId], sponsorId: id, isProved: true }),
    ])
    return {
      mine: mine.map(one => ({
        externalId: one.externalId,
        mobile: maskMobile(one.mobile),
        isProved: one.provedAt !== null,
      })),
      sponsored: sponsored
        .filter(one => one.memberId !== id)
        .map(({ externalName: name, ...one }) => ({ name, ...one })),
    }
  },
})

export const proveAsk = pageCall({
  method: 'POST',
  path: '/web/portal/external/code',
  access: { by: 'person' },
  directory: true,
  outgoing: true,
  input: { externalId: requiredId('外部人员') },
  output: Type.Object({ state: Type.String() }),
  handle: (ctx: Needs, { input, visitor, corpId, request }) =>
    askToProve(ctx, memberOf(visitor), corpId, input.externalId, request.ip),
})

export const proveTake = pageCall({
  method: 'POST',
  path: '/web/portal/external/prove',
  access: { by: 'person' },
  directory: true,
  input: { state: text('验证状态', { max: 1000 }), code: text('验证码', { max: 32 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await prove(ctx, memberOf(visitor), corpId, input)
    return {}
  },
})

export const sponsorDecides = pageCall({
  method: 'POST',
  path: '/web/portal/external/decide',
  access: { by: 'person' },
  directory: true,
  input: {
    externalId: requiredId('外部人员'),
    memberId: requiredId('成员'),
    accept: flag('1：确认是同一人'),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { member, actor } = memberOf(visitor)
    await decideBecoming(ctx, corpId, { ...input, actor, sponsor: member })
    return {}
  },
})
