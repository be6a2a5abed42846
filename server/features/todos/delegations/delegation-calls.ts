import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { memberStatus } from '../../../organisation/directory/mirror/members.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  flag,
  optionalIds,
  optionalInteger,
  optionalText,
  optionalTime,
  text,
  time,
} from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { personOf, todoPersonSchema } from '../console/todo-list-calls.ts'
import { peopleOf, type TodoPerson } from '../people/people.ts'
import { listDelegations, type StoredDelegation } from './delegation-store.ts'
import { addDelegation, endDelegation } from './delegations.ts'
import { leaversWithTodos } from './holder-store.ts'
import { estateOf, passOn } from './pass-on.ts'
import type { SettleNeeds } from './settle-holders.ts'
import { successorsOf } from './successors.ts'

export const delegationSchema = Type.Object({
  id: Type.Number(),
  from: todoPersonSchema,
  to: todoPersonSchema,
  startsAt: Type.String(),
  endsAt: Type.String(),
  state: Type.Enum(['planned', 'current', 'past']),
  /** Ended early, or taken back before it began. */
  isEndedEarly: Type.Boolean(),
  createdBy: Type.String(),
})
export type DelegationWire = Static<typeof delegationSchema>

export async function delegationWires(
  ctx: SettleNeeds,
  corpId: string,
  rows: readonly StoredDelegation[],
): Promise<DelegationWire[]> {
  const person = await peopleOf(
    ctx,
    corpId,
    rows.flatMap(one => [one.fromId, one.toId]),
  )
  return rows.map(one => wireOf(one, person, ctx.now()))
}

function wireOf(one: StoredDelegation, person: (id: number) => TodoPerson, now: number): DelegationWire {
  const { id, fromId, toId, startsAt, endsAt, createdBy, endedBy } = one
  const isPast = endsAt.getTime() <= now || endsAt <= startsAt
  return {
    id,
    createdBy,
    from: person(fromId),
    to: person(toId),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    state: isPast ? 'past' : startsAt.getTime() > now ? 'planned' : 'current',
    isEndedEarly: endedBy !== null,
  }
}

export const listDelegationsCall = pageCall({
  method: 'GET',
  path: '/web/console/todos/delegations',
  access: administrator('super'),
  point: 'todo:read',
  directory: true,
  input: {
    person: optionalText('委托人或受托人的 userId', { max: 64 }),
    past: flag('1：也列出已结束的'),
    ...paging,
  },
  output: Type.Object({ list: Type.Array(delegationSchema), total: Type.Number(), person: Type.String() }),
  async handle(ctx: SettleNeeds, { input, corpId }) {
    const person = input.person === undefined ? undefined : await personOf(ctx, corpId, input.person)
    const filter = { personId: person?.id, now: input.past ? undefined : new Date(ctx.now()) }
    const { rows, total } = await listDelegations(ctx.db, corpId, filter, pageOf(input))
    return { list: await delegationWires(ctx, corpId, rows), total, person: person?.name ?? '' }
  },
})

export const period = {
  startsAt: optionalTime('从什么时候，默认现在'),
  endsAt: time('到什么时候'),
}

export const addDelegationCall = pageCall({
  method: 'POST',
  path: '/web/console/todos/delegations/add',
  access: administrator('super'),
  point: 'todo:delegate',
  directory: true,
  input: { from: text('委托人', { max: 64 }), to: text('受托人', { max: 64 }), ...period },
  output: Type.Object({ id: Type.Number(), moved: Type.Number() }),
  handle: (ctx: SettleNeeds & { corps: Corps }, { input, visitor, corpId }) =>
    addDelegation(ctx, visitor.actor, corpId, input),
})

export const endDelegationCall = pageCall({
  method: 'POST',
  path: '/web/console/todos/delegations/end',
  access: administrator('super'),
  point: 'todo:delegate',
  directory: true,
  input: { id: requiredId('委托') },
  output: Type.Object({ moved: Type.Number() }),
  handle: (ctx: SettleNeeds, { input, visitor, corpId }) =>
    endDelegation(ctx, visitor.actor, corpId, input.id),
})

const leaversAtMost = 200

const successorSchema = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  reason: Type.Enum(['returned', 'leader', 'last']),
  count: Type.Number(),
  appIds: Type.Array(Type.String()),
})

export const listLeavers = pageCall({
  method: 'GET',
  path: '/web/console/todos/leavers',
  access: administrator('super'),
  point: 'todo:read',
  directory: true,
  input: {},
  output: Type.Object({
    /** Who has left, or is disabled, and still has something open. */
    list: Type.Array(
      Type.Object({
        /** Several leavers may have had one userid. */
        id: Type.Number(),
        userId: Type.String(),
        name: Type.String(),
        /** '' for somebody who is disabled. */
        leftAt: Type.String(),
        count: Type.Number(),
        /** Who most likely takes over, and what; null where nobody is evident. */
        successor: Type.Union([successorSchema, Type.Null()]),
      }),
    ),
    isWhole: Type.Boolean(),
  }),
  async handle(ctx: SettleNeeds, { corpId }) {
    const gone: number[] = []
    for (const { id, status } of ctx.mirrors.of(corpId).members.all())
      if (status === memberStatus.disabled || status === memberStatus.quit) gone.push(id)
    const found = await leaversWithTodos(ctx.db, corpId, gone, leaversAtMost + 1)
    const listed = found.slice(0, leaversAtMost)
    const successors = await successorsOf(ctx, corpId, listed)
    return {
      list: listed.map(({ id, userId, name, leftAt, count }) => ({
        id,
        userId,
        name,
        count,
        leftAt: leftAt?.toISOString() ?? '',
        successor: successors.get(id) ?? null,
      })),
      isWhole: found.length <= leaversAtMost,
    }
  },
})

const estateSchema = Type.Object({
  id: Type.Number(),
  userId: Type.String(),
  name: Type.String(),
  apps: Type.Array(
    Type.Object({
      appId: Type.String(),
      appName: Type.String(),
      count: Type.Number(),
      mayPassOn: Type.Boolean(),
    }),
  ),
})

export const leaverEstate = pageCall({
  method: 'GET',
  path: '/web/console/todos/leaver',
  access: administrator('super'),
  point: 'todo:read',
  directory: true,
  input: { id: requiredId('离职人员') },
  output: estateSchema,
  async handle(ctx: SettleNeeds, { input, corpId }) {
    const { person, apps } = await estateOf(ctx, corpId, { id: input.id })
    return { ...person, apps }
  },
})

export const passOnCall = pageCall({
  method: 'POST',
  path: '/web/console/todos/pass-on',
  access: administrator('super'),
  point: 'todo:delegate',
  directory: true,
  input: {
    from: text('离职人员的 userId', { max: 64 }),
    leaverId: optionalInteger('离职人员；不填为最后使用该 userId 的', {
      min: 1,
      max: Number.MAX_SAFE_INTEGER,
    }),
    to: text('接手人的 userId', { max: 64 }),
    appIds: optionalIds('应用', { max: 500 }),
  },
  output: Type.Object({ passedOn: Type.Number() }),
  handle(ctx: SettleNeeds, { input, visitor, corpId }) {
    if (input.appIds.length === 0)
      throw new ApiError('missingParameter', { zh: 'appIds：至少一个应用', en: 'appIds: one app at least' })
    const { from: userId, leaverId: id, to, appIds } = input
    return passOn(ctx, visitor.actor, corpId, { from: id === undefined ? { userId } : { id }, to, appIds })
  },
})
