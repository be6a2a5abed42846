import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { delegationSchema, delegationWires, period } from '../delegations/delegation-calls.ts'
import { listDelegations } from '../delegations/delegation-store.ts'
import { addDelegation, endDelegation } from '../delegations/delegations.ts'
import type { SettleNeeds } from '../delegations/settle-holders.ts'

const mineSchema = Type.Object({
  /** Whether any app allows it. */
  isPossible: Type.Boolean(),
  /** The apps that allow it. */
  apps: Type.Array(Type.String()),
  /** What the person has delegated and what is delegated to them, as long as it has not ended. */
  list: Type.Array(Type.Object({ ...delegationSchema.properties, isMine: Type.Boolean() })),
})
export type MyDelegations = Static<typeof mineSchema>

const listedAtMost = 100

/** Throws 1000 for an account that is no member. */
function memberOf({ member }: Visitor): { id: number; userId: string } {
  if (!member)
    throw new ApiError('badParameter', {
      zh: '只有成员有待办，当前账号不是成员',
      en: 'only members have to-dos, and this account is not a member',
    })
  return member
}

export const myDelegations = pageCall({
  method: 'GET',
  path: '/web/todos/delegations',
  access: person,
  directory: true,
  input: {},
  output: mineSchema,
  async handle(ctx: SettleNeeds, { visitor, corpId }) {
    const { member } = visitor
    const allowed = ctx.todoSettings.passingOn(corpId)
    const apps = allowed.flatMap(id => ctx.apps.find(id)?.name ?? [])
    if (!member) return { isPossible: false, apps: [], list: [] }
    const filter = { personId: member.id, now: new Date(ctx.now()) }
    const { rows } = await listDelegations(ctx.db, corpId, filter, { limit: listedAtMost, offset: 0 })
    const wires = await delegationWires(ctx, corpId, rows)
    const list = wires.map((one, at) => ({ ...one, isMine: rows[at]!.fromId === member.id }))
    return { isPossible: allowed.length > 0, apps, list }
  },
})

export const delegateMine = pageCall({
  method: 'POST',
  path: '/web/todos/delegations/add',
  access: person,
  directory: true,
  input: { to: text('受托人的 userId', { max: 64 }), ...period },
  output: Type.Object({ moved: Type.Number() }),
  async handle(ctx: SettleNeeds & { corps: Corps }, { input, visitor, corpId }) {
    const { userId } = memberOf(visitor)
    const { moved } = await addDelegation(ctx, visitor.actor, corpId, { ...input, from: userId })
    return { moved }
  },
})

export const endMyDelegation = pageCall({
  method: 'POST',
  path: '/web/todos/delegations/end',
  access: person,
  directory: true,
  input: { id: requiredId('委托') },
  output: Type.Object({ moved: Type.Number() }),
  handle: (ctx: SettleNeeds, { input, visitor, corpId }) =>
    endDelegation(ctx, visitor.actor, corpId, input.id, memberOf(visitor).id),
})
