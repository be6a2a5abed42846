/**
 * Roles of a corp's own where the three administrators are separated: one proposes, another agrees. Neither needs to hold what a role
 * gives: business points are none of the three's.
 */

import { type Static, Type } from 'typebox'
import { jointAct } from '../../platform/acts/joint-act.ts'
import { checkGiveRoles } from '../groups/groups.ts'
import { idsAmong } from '../groups/membership-store.ts'
import { corpOfJoint, givesRights } from '../three/gives-rights.ts'
import {
  changeRole,
  checkRole,
  checkUntil,
  groupsOfRoleAtMost,
  insertRole,
  memberOf,
  type RoleNeeds,
  type RoleSettings,
  unknownRole,
  wordsOf,
  writeHolder,
} from './own-roles.ts'
import { rangeOf, rangeShape } from './range-shape.ts'
import { findRole, holdersOf } from './role-store.ts'

const together = (actor: string) => ({ actor, person: undefined })
const until = Type.Optional(Type.String({ maxLength: 64 }))
const untilOf = (given: string | undefined) => (given === undefined ? null : new Date(given))

const roleShape = Type.Object(
  {
    id: Type.Optional(Type.Integer({ minimum: 1 })),
    name: Type.String({ maxLength: 64 }),
    points: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 }),
    range: rangeShape,
    groups: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
        maxItems: groupsOfRoleAtMost,
      }),
    ),
    until,
  },
  { additionalProperties: false },
)

function settingsOf({ name, points, range, groups = [], until }: Static<typeof roleShape>): RoleSettings {
  return { name, points, range: rangeOf(range), groups, until: untilOf(until) }
}

/** Makes a role, or changes one. Whoever has it may not have a part in that. */
export const jointOwnRole = jointAct({
  title: { zh: '创建或修改自定义角色', en: 'Make or change own role' },
  shape: roleShape,
  needs: () => givesRights,
  detail: ({ id, ...given }) => ({ id, ...wordsOf(settingsOf(given)), until: given.until }),
  async check(ctx: RoleNeeds, corpId, given) {
    const ofCorp = corpOfJoint(corpId)
    const before = given.id === undefined ? undefined : await findRole(ctx.db, ofCorp, given.id)
    if (given.id !== undefined && !before) throw unknownRole(given.id)
    const holders = given.id === undefined ? [] : await holdersOf(ctx.db, ofCorp, given.id)
    const role = await ctx.mirrors.during(ofCorp, async () =>
      checkRole(ctx, together(''), ofCorp, settingsOf(given)),
    )
    const groups = new Set([...role.groups, ...(before?.groups ?? [])])
    await checkGiveRoles(ctx.db, ofCorp, role.groups)
    const inGroups = await ofThreeIn(ctx, ofCorp, [...groups])
    return { about: given.name, memberIds: [...holders.map(one => one.memberId), ...inGroups] }
  },
  async run(ctx: RoleNeeds, tx, actor, corpId, given) {
    const ofCorp = corpOfJoint(corpId)
    const role = settingsOf(given)
    const { id } = given
    return ctx.mirrors.during(ofCorp, async () => {
      if (id !== undefined)
        return {
          act: 'own-role.set',
          ...(await changeRole(ctx, tx, together(actor), ofCorp, { id, change: role })),
        }
      const { answer: _id, ...made } = await insertRole(
        tx,
        ofCorp,
        checkRole(ctx, together(actor), ofCorp, role),
      )
      return { act: 'own-role.add', ...made }
    })
  },
})

/** Those of the three who are in one of these groups. */
async function ofThreeIn(
  { db, three }: RoleNeeds,
  corpId: string,
  groups: readonly number[],
): Promise<number[]> {
  const holders = [...three.holders(corpId), ...three.holders(undefined)]
  const ids = holders.flatMap(one => one.memberId ?? [])
  const found: number[] = []
  for (const group of groups) found.push(...(await idsAmong(db, corpId, group, ids)))
  return found
}

export const jointOwnRoleGiven = jointAct({
  title: { zh: '授予自定义角色', en: 'Give own role' },
  shape: Type.Object(
    { id: Type.Integer({ minimum: 1 }), userId: Type.String({ maxLength: 64 }), until },
    { additionalProperties: false },
  ),
  needs: () => givesRights,
  async check(ctx: RoleNeeds, corpId, { id, userId, until }) {
    const ofCorp = corpOfJoint(corpId)
    if (!(await findRole(ctx.db, ofCorp, id))) throw unknownRole(id)
    checkUntil(ctx, untilOf(until))
    const member = await ctx.mirrors.during(ofCorp, async () => memberOf(ctx, ofCorp, userId))
    return { about: member.userId, memberIds: [member.id] }
  },
  async run(ctx: RoleNeeds, tx, actor, corpId, { id, userId, until }) {
    const ofCorp = corpOfJoint(corpId)
    return ctx.mirrors.during(ofCorp, async () => ({
      act: 'own-role.give' as const,
      ...(await writeHolder(ctx, tx, together(actor), ofCorp, {
        id,
        member: memberOf(ctx, ofCorp, userId),
        until: untilOf(until),
      })),
    }))
  },
})
