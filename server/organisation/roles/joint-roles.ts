/**
 * Roles of a corp's own where the three administrators are separated: one proposes, another agrees. Neither needs to hold what a role
 * gives: business points are none of the three's.
 */

import { type Static, Type } from 'typebox'
import { jointAct } from '../../platform/acts/joint-act.ts'
import { corpOfJoint, givesRights } from '../three/gives-rights.ts'
import {
  changeRole,
  checkRole,
  checkUntil,
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
    until,
  },
  { additionalProperties: false },
)

function settingsOf({ name, points, range, until }: Static<typeof roleShape>): RoleSettings {
  return { name, points, range: rangeOf(range), until: untilOf(until) }
}

/** Makes a role, or changes one. Whoever has it may not have a part in that. */
export const jointOwnRole = jointAct({
  title: { zh: '创建或修改自定义角色', en: 'Make or change own role' },
  shape: roleShape,
  needs: () => givesRights,
  detail: ({ id, ...given }) => ({ id, ...wordsOf(settingsOf(given)), until: given.until }),
  async check(ctx: RoleNeeds, corpId, given) {
    const ofCorp = corpOfJoint(corpId)
    if (given.id !== undefined && !(await findRole(ctx.db, ofCorp, given.id))) throw unknownRole(given.id)
    const holders = given.id === undefined ? [] : await holdersOf(ctx.db, ofCorp, given.id)
    await ctx.mirrors.during(ofCorp, async () => checkRole(ctx, together(''), ofCorp, settingsOf(given)))
    return { about: given.name, memberIds: holders.map(one => one.memberId) }
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
