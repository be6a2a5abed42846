import { type Static, Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { optionalText, text } from '../../platform/http/input.ts'
import { orderOf, pageOf, paging, sorting } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Protection } from '../protection/protection.ts'
import { endSessionOf, endSessionsOfMember } from './end-sessions.ts'
import { type LiveSession, liveSessions } from './session-store.ts'
import { type Sessions, seenAfter } from './sessions.ts'

type Needs = Core & { mirrors: Mirrors; protection: Protection }

const sessionOfCorpSchema = Type.Object({
  id: Type.String(),
  /** Userid of a member; '' for the system super administrator. */
  userId: Type.String(),
  userName: Type.String(),
  address: Type.String(),
  userAgent: Type.String(),
  createdAt: Type.String(),
  seenAt: Type.String(),
  expiresAt: Type.String(),
  /** True for the session that makes this request. */
  current: Type.Boolean(),
})
export type SessionOfCorp = Static<typeof sessionOfCorpSchema>

const foundAtMost = 200

/** Lists the sessions of a corp. The system super administrator also sees the sessions of system accounts. */
export const sessionList = pageCall({
  method: 'GET',
  path: '/web/console/sessions',
  access: administrator('super'),
  point: 'sign-in:log',
  directory: true,
  input: { ...paging, sort: sorting, q: optionalText('姓名、拼音或 userId', { max: 64 }) },
  output: Type.Object({
    list: Type.Array(sessionOfCorpSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { by, descending } = orderOf(input.sort, ['seenAt', 'createdAt'], '-seenAt')
    const now = ctx.now()
    const filter = {
      corpId,
      withAdministrators: visitor.roleLevel === roleLevel.system,
      memberIds: input.q === undefined ? undefined : idsOf(ctx, corpId, input.q),
      now: new Date(now),
      seenAfter: seenAfter(ctx, corpId, now),
    }
    const found = await liveSessions(ctx.db, filter, { ...pageOf(input), by, descending })
    return { list: found.list.map(row => sessionRow(ctx, visitor, row)), total: found.total }
  },
})

export const sessionEnd = pageCall({
  method: 'POST',
  path: '/web/console/sessions/end',
  access: administrator('super'),
  point: 'sign-in:help',
  directory: true,
  input: { id: text('会话', { max: 64 }) },
  output: Type.Object({}),
  async handle(
    ctx: Core & { mirrors: Mirrors; offered: FeatureOffers; sessions: Sessions },
    { input, visitor, corpId },
  ) {
    await endSessionOf(ctx, visitor, corpId, input.id)
    return {}
  },
})

export const sessionEndPerson = pageCall({
  method: 'POST',
  path: '/web/console/sessions/end-person',
  access: administrator('super'),
  point: 'sign-in:help',
  directory: true,
  input: { userId: text('成员', { max: 64 }) },
  output: Type.Object({
    ended: Type.Number(),
  }),
  async handle(
    ctx: Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers; sessions: Sessions },
    { input, visitor, corpId },
  ) {
    const ended = await endSessionsOfMember(ctx, visitor, corpId, input.userId)
    return { ended }
  },
})

function idsOf(ctx: Needs, corpId: string, words: string): number[] {
  const { members, search } = ctx.mirrors.of(corpId)
  return search
    .search(words, { offset: 0, limit: foundAtMost, mobile: false })
    .flatMap(ordinal => members.at(ordinal)?.id ?? [])
}

function sessionRow(ctx: Needs, visitor: Visitor, row: LiveSession): SessionOfCorp {
  const member =
    row.corpId !== null && row.memberId !== null
      ? ctx.mirrors.of(row.corpId).members.byId(row.memberId)
      : undefined
  return {
    id: row.id,
    userId: member?.userId ?? '',
    userName: row.adminName ?? member?.name ?? '',
    address: row.address,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    current: row.id === visitor.sessionId,
  }
}
