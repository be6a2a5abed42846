import { type Static, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import { text } from '../../platform/http/input.ts'
import { pageCall, person } from '../../platform/http/page-call.ts'
import { endOwnSession } from './end-sessions.ts'
import { sessionsOf, signInsOf } from './session-store.ts'
import { holderOf, type Sessions } from './sessions.ts'

type Needs = Core & { sessions: Sessions }

const ownSessionSchema = Type.Object({
  id: Type.String(),
  createdAt: Type.String(),
  seenAt: Type.String(),
  address: Type.String(),
  userAgent: Type.String(),
  /** How the person proved themselves. */
  amr: Type.Array(Type.String()),
  current: Type.Boolean(),
})
export type OwnSession = Static<typeof ownSessionSchema>

export const ownSessions = pageCall({
  method: 'GET',
  path: '/web/sessions',
  access: person,
  input: {},
  output: Type.Object({
    list: Type.Array(ownSessionSchema),
  }),
  async handle(ctx: Core, { visitor }) {
    const rows = await sessionsOf(ctx.db, holderOf(visitor), new Date(ctx.now()))
    const list = rows.map(row => ({
      id: row.id,
      createdAt: row.createdAt.toISOString(),
      seenAt: row.seenAt.toISOString(),
      address: row.address,
      userAgent: row.userAgent,
      amr: row.amr,
      current: row.id === visitor.sessionId,
    }))
    return { list }
  },
})

export const endOwnSessionCall = pageCall({
  method: 'POST',
  path: '/web/sessions/end',
  access: person,
  input: { id: text('会话', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor }) {
    await endOwnSession(ctx, visitor, input.id)
    return {}
  },
})

/** All but the one that asks. */
export const endOtherSessions = pageCall({
  method: 'POST',
  path: '/web/sessions/end-others',
  access: person,
  input: {},
  output: Type.Object({
    ended: Type.Number(),
  }),
  async handle(ctx: Needs, { visitor }) {
    return { ended: await ctx.sessions.endAll(holderOf(visitor), visitor.sessionId) }
  },
})

const shownAtMost = 30

/** As long as sessions are kept: a week after their end. */
export const ownSignIns = pageCall({
  method: 'GET',
  path: '/web/sessions/sign-ins',
  access: person,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        at: Type.String(),
        address: Type.String(),
        userAgent: Type.String(),
        amr: Type.Array(Type.String()),
      }),
    ),
  }),
  async handle(ctx: Core, { visitor }) {
    const rows = await signInsOf(ctx.db, holderOf(visitor), shownAtMost)
    return { list: rows.map(({ createdAt, ...row }) => ({ ...row, at: createdAt.toISOString() })) }
  },
})
