import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { choice, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { dayOf } from '../../../platform/operation/day.ts'
import { accountFor } from '../accounts/access.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { countNow, figuresByDay } from './store.ts'

const count = Type.Integer()
const dayMs = 86_400_000

/** Followers and messages by Beijing day, as they are known here. */
export const showFigures = pageCall({
  method: 'GET',
  path: '/web/official/figures',
  access: administrator('graded'),
  point: 'official:read',
  input: {
    originalId: text('原始 ID（gh_…）', { max: 64 }),
    days: choice('最近多少天', ['7', '30', '90']),
  },
  output: Type.Object({
    now: Type.Object({ followers: count, linked: count, blocked: count }),
    days: Type.Array(
      Type.Object({
        day: Type.String(),
        gained: count,
        lost: count,
        total: count,
        received: count,
        sent: count,
      }),
    ),
  }),
  async handle(ctx: Core & { accounts: Accounts }, { input, visitor, corpId }) {
    const account = accountFor(ctx, visitor, corpId, input.originalId)
    const since = dayOf(ctx.now() - (Number(input.days) - 1) * dayMs)
    const [now, days] = await Promise.all([
      countNow(ctx.db, account),
      figuresByDay(ctx.db, account, since, dayOf(ctx.now())),
    ])
    return { now, days }
  },
})
