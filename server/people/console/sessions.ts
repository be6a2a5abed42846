import { type Static, Type } from 'typebox'
import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { ApiError } from '../../http/errors.ts'
import { optionalText, text } from '../../http/input.ts'
import { orderOf, pageOf, paging, sorting } from '../../http/list-input.ts'
import { administrator, pageCall, refused } from '../../http/page-call.ts'
import { signal } from '../../storage/bus.ts'
import { memberOf } from '../administrators.ts'
import { roleLevel } from '../people.ts'
import { findSession, type LiveSession, liveSessions } from '../session-store.ts'
import type { Sessions } from '../sessions.ts'
import { idleMs, type Visitor } from '../sessions.ts'
import * as store from '../store.ts'

type Needs = Core & { mirrors: Mirrors }

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

/** Who is signed in to a corp. The system super administrator also sees the sessions of system accounts. */
export const sessionList = pageCall({
  method: 'GET',
  path: '/web/console/sessions',
  access: administrator('super'),
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
      seenAfter: {
        member: new Date(now - idleMs.member),
        administrator: new Date(now - idleMs.administrator),
      },
    }
    const found = await liveSessions(ctx.db, filter, { ...pageOf(input), by, descending })
    return { list: found.list.map(row => sessionRow(ctx, visitor, row)), total: found.total }
  },
})

export const sessionEnd = pageCall({
  method: 'POST',
  path: '/web/console/sessions/end',
  access: administrator('super'),
  directory: true,
  input: { id: text('会话', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Core & { mirrors: Mirrors; sessions: Sessions }, { input, visitor, corpId }) {
    const row = await findSession(ctx.db, input.id)
    const isSystem = visitor.roleLevel === roleLevel.system
    const isWithin = row && (row.adminName === null ? row.corpId === corpId : isSystem)
    if (!row || !isWithin)
      throw new ApiError('badParameter', {
        zh: '没有这个会话，它可能已经结束',
        en: 'there is no such session: it may have ended',
      })
    const target = row.adminName ?? memberName(ctx, row)
    await ctx.db.transaction().execute(async tx => {
      await store.endSession(tx, row.id, new Date(ctx.now()))
      await signal(tx, 'wisp_session', row.id)
      await record(tx, ctx, { corpId, actor: visitor.actor, act: 'session.end', target, detail: {} })
    })
    ctx.sessions.forget()
    return {}
  },
})

export const sessionEndPerson = pageCall({
  method: 'POST',
  path: '/web/console/sessions/end-person',
  access: administrator('super'),
  directory: true,
  input: { userId: text('成员', { max: 64 }) },
  output: Type.Object({
    ended: Type.Number(),
  }),
  async handle(
    ctx: Core & { corps: Corps; mirrors: Mirrors; sessions: Sessions },
    { input, visitor, corpId },
  ) {
    const member = memberOf(ctx, corpId, input.userId)
    if (visitor.member?.id === member.id)
      throw refused({
        zh: '结束自己的全部会话，请用「退出所有设备」',
        en: "to end all your own sessions use 'Sign out everywhere'",
      })
    const ended = await ctx.db.transaction().execute(async tx => {
      const at = new Date(ctx.now())
      const ids = await store.endSessionsOf(tx, { corpId, memberId: member.id }, undefined, at)
      for (const id of ids) await signal(tx, 'wisp_session', id)
      const detail = { ended: ids.length }
      const target = member.userId
      await record(tx, ctx, { corpId, actor: visitor.actor, act: 'session.end-person', target, detail })
      return ids.length
    })
    ctx.sessions.forget()
    return { ended }
  },
})

function idsOf(ctx: Needs, corpId: string, words: string): number[] {
  const { members, search } = ctx.mirrors.of(corpId)
  return search
    .search(words, { offset: 0, limit: foundAtMost, mobile: false })
    .flatMap(ordinal => members.at(ordinal)?.id ?? [])
}

function memberName(ctx: Needs, row: LiveSession): string {
  if (row.corpId === null || row.memberId === null) return ''
  return ctx.mirrors.of(row.corpId).members.byId(row.memberId)?.userId ?? `#${row.memberId}`
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
