import { Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Protection } from '../../callers/protection/protection.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Strangers } from '../../callers/strangers/strangers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { text } from '../../platform/http/input.ts'
import { helpDesk, pageCall } from '../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { languageOf } from '../../platform/words.ts'
import type { PersonNeeds } from '../message-choices/person-choices.ts'
import { whyOfReceiver } from '../messages/console/why-receiver.ts'
import { findOfCorp } from '../messages/fate/status.ts'
import { whyView, whyViewSchema } from '../messages/fate/why.ts'
import type { WaitingNeeds } from '../messages/waiting/open-call.ts'
import { endServedSession, endServedSessions } from './end-sessions.ts'
import { findPeople, foundSchema, maskAsked } from './find-people.ts'
import { lookUp } from './look-up.ts'
import { personOf, personSchema } from './person.ts'
import { resetServedFactor } from './reset-factor.ts'
import { helperOf, servedMember } from './whom-it-serves.ts'

type Needs = Core & { mirrors: Mirrors; roles: Roles }

const userId = text('成员账号', { max: 64 })

export const helpDeskFind = pageCall({
  method: 'GET',
  path: '/web/help-desk/find',
  access: helpDesk,
  point: 'help-desk:read',
  directory: true,
  input: { q: text('姓名、工号、完整手机号、请求编号或错误页上的编号', { max: 100 }) },
  output: foundSchema,
  handle(ctx: Needs & { developers: Developers; strangers: Strangers }, { input, visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const viewer = helperOf(ctx, corpId, visitor)
    const asked = input.q.trim()
    return lookUp(ctx, { corpId, visitor, of: `find ${asked.toLowerCase()}` }, async () => {
      const found = await findPeople(ctx, viewer, asked, language)
      return { found, act: 'help-desk.search', target: maskAsked(asked) }
    })
  },
})

export const helpDeskPerson = pageCall({
  method: 'GET',
  path: '/web/help-desk/person',
  access: helpDesk,
  point: 'help-desk:read',
  directory: true,
  input: { userId },
  output: personSchema,
  handle(ctx: Needs & PersonNeeds & { protection: Protection }, { input, visitor, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const viewer = helperOf(ctx, corpId, visitor)
    return lookUp(ctx, { corpId, visitor, of: `look ${input.userId.toLowerCase()}` }, async () => {
      const member = await servedMember(ctx, viewer, input.userId)
      const found = await personOf(ctx, viewer, member, language)
      return { found, act: 'help-desk.look', target: member.userId }
    })
  },
})

/** The same as whoever sent it is told: decisions and what came of them, never what the message says. */
export const helpDeskMessageWhy = pageCall({
  method: 'GET',
  path: '/web/help-desk/message-why',
  access: helpDesk,
  point: 'help-desk:read',
  directory: true,
  input: { userId, msgId: text('消息 id', { max: 64 }) },
  output: whyViewSchema,
  handle(ctx: Needs & WaitingNeeds, { input, visitor, corpId, request }) {
    const viewer = helperOf(ctx, corpId, visitor)
    return lookUp(ctx, { corpId, visitor, of: `look ${input.userId.toLowerCase()}` }, async () => {
      const member = await servedMember(ctx, viewer, input.userId)
      const message = await findOfCorp(ctx, corpId, input.msgId)
      const language = languageOf(request.headers['accept-language'])
      const found = whyView(await whyOfReceiver(ctx, message, member, language), language)
      return { found, act: 'help-desk.look', target: member.userId }
    })
  },
})

type Ends = Needs & { corps: Corps; offered: FeatureOffers; sessions: Sessions; three: Three }

export const helpDeskEndSession = pageCall({
  method: 'POST',
  path: '/web/help-desk/end-session',
  access: helpDesk,
  point: 'help-desk:help',
  directory: true,
  input: { userId, id: text('会话', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Ends, { input, visitor, corpId }) {
    await endServedSession(ctx, helperOf(ctx, corpId, visitor), input.userId, input.id)
    return {}
  },
})

export const helpDeskEndSessions = pageCall({
  method: 'POST',
  path: '/web/help-desk/end-sessions',
  access: helpDesk,
  point: 'help-desk:help',
  directory: true,
  input: { userId },
  output: Type.Object({ ended: Type.Number() }),
  async handle(ctx: Ends, { input, visitor, corpId }) {
    return { ended: await endServedSessions(ctx, helperOf(ctx, corpId, visitor), input.userId) }
  },
})

/** For a member who lost the device and the recovery codes. */
export const helpDeskResetFactor = pageCall({
  method: 'POST',
  path: '/web/help-desk/reset-second-factor',
  access: helpDesk,
  point: 'help-desk:help',
  directory: true,
  input: { userId },
  output: Type.Object({}),
  async handle(ctx: Ends, { input, visitor, corpId }) {
    await resetServedFactor(ctx, helperOf(ctx, corpId, visitor), input.userId)
    return {}
  },
})
