import { type Static, Type } from 'typebox'
import type { Range } from '../../platform/http/admin/grant.ts'
import { type Point, points } from '../../platform/http/admin/points.ts'
import { isListed } from '../directory/mirror/members.ts'
import { type GroupRow, groupsOf } from '../groups/group-store.ts'
import { type RoleNeeds, unknownRole } from './own-roles.ts'
import * as store from './role-store.ts'

const named = Type.Object({ id: Type.String(), name: Type.String() })

/** A range as it is shown: a part that was deleted has no name. */
export const rangeViewSchema = Type.Object({
  kind: Type.Enum(['corp', 'departments', 'apps']),
  departments: Type.Array(named),
  apps: Type.Array(named),
  developers: Type.Array(named),
})

export const roleRowSchema = Type.Object({
  id: Type.Number(),
  name: Type.String(),
  points: Type.Array(Type.String()),
  range: rangeViewSchema,
  until: Type.Union([Type.String(), Type.Null()]),
  /** How many members it was given to. */
  holders: Type.Number(),
  /** Whose members have it too. */
  groups: Type.Array(Type.Object({ id: Type.Number(), name: Type.String(), members: Type.Number() })),
  /** `ended`: its time is over. `empty`: all of its range was deleted, so that it reaches nothing. */
  state: Type.Enum(['live', 'ended', 'empty']),
})
export type RoleRow = Static<typeof roleRowSchema>

export const holderSchema = Type.Object({
  /** `#` and a number for somebody who left the address book. */
  userId: Type.String(),
  userName: Type.String(),
  until: Type.Union([Type.String(), Type.Null()]),
  isOver: Type.Boolean(),
  givenBy: Type.String(),
  givenAt: Type.String(),
})
export type Holder = Static<typeof holderSchema>

/** The own roles of a corp by name, with what of their ranges there still is. */
export async function listRoles(ctx: RoleNeeds, corpId: string): Promise<RoleRow[]> {
  ctx.corps.get(corpId)
  const [roles, holders, groups] = await Promise.all([
    store.rolesOfCorp(ctx.db, corpId),
    store.holdersOf(ctx.db, corpId),
    groupsOf(ctx.db, corpId),
  ])
  const live = Map.groupBy(
    holders.filter(({ until }) => !until || until.getTime() > ctx.now()),
    one => one.roleId,
  )
  return roles.map(role => rowOf(ctx, corpId, role, { holders: live.get(role.id)?.length ?? 0, groups }))
}

/** One role, and who has or had it. Throws 1000. */
export async function roleDetail(
  ctx: RoleNeeds,
  corpId: string,
  id: number,
): Promise<{ stored: store.RoleRow; role: RoleRow; holders: Holder[] }> {
  const stored = await store.findRole(ctx.db, corpId, id)
  if (!stored) throw unknownRole(id)
  const held = await store.holdersOf(ctx.db, corpId, id)
  const { members } = ctx.mirrors.of(corpId)
  const holders = held.map(({ memberId, until, givenBy, givenAt }) => {
    const member = members.byId(memberId)
    const isHere = member && isListed(member)
    return {
      userId: isHere ? member.userId : `#${memberId}`,
      userName: isHere ? member.name : '',
      until: until?.toISOString() ?? null,
      isOver: until !== null && until.getTime() <= ctx.now(),
      givenBy,
      givenAt: givenAt.toISOString(),
    }
  })
  const live = holders.filter(({ isOver }) => !isOver).length
  const groups = await groupsOf(ctx.db, corpId)
  return { stored, role: rowOf(ctx, corpId, stored, { holders: live, groups }), holders }
}

function rowOf(
  ctx: RoleNeeds,
  corpId: string,
  role: store.RoleRow,
  { holders, groups }: { holders: number; groups: readonly GroupRow[] },
): RoleRow {
  const range = rangeView(ctx, corpId, role.range)
  const parts = [...range.departments, ...range.apps, ...range.developers]
  const isEmpty = range.kind !== 'corp' && parts.every(({ name }) => name === '')
  const isOver = role.until !== null && role.until.getTime() <= ctx.now()
  return {
    id: role.id,
    name: role.name,
    points: role.points.filter((one): one is Point => Object.hasOwn(points, one)),
    range,
    until: role.until?.toISOString() ?? null,
    holders,
    groups: groups
      .filter(one => role.groups.includes(one.id))
      .map(({ id, name, members }) => ({ id, name, members })),
    state: isOver ? 'ended' : isEmpty ? 'empty' : 'live',
  }
}

function rangeView(ctx: RoleNeeds, corpId: string, range: Range): RoleRow['range'] {
  const { tree } = ctx.mirrors.of(corpId)
  const departments =
    range.kind === 'departments'
      ? range.departmentIds.map(id => ({ id: String(id), name: tree.get(id)?.department.name ?? '' }))
      : []
  if (range.kind !== 'apps') return { kind: range.kind, departments, apps: [], developers: [] }
  const { app, developer } = ctx.offered.inRange(corpId)
  const from = (names: ReadonlyMap<string, string>) => (id: string) => ({ id, name: names.get(id) ?? '' })
  return {
    kind: range.kind,
    departments,
    apps: range.appIds.map(from(app)),
    developers: range.devIds.map(from(developer)),
  }
}
