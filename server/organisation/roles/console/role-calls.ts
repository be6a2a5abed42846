import { type Static, Type } from 'typebox'
import { areas, type Point, points } from '../../../platform/http/admin/points.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import {
  optionalInteger,
  optionalStructured,
  optionalText,
  optionalTime,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { requiredId } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { givablePoints, shipped } from '../../rights/shipped.ts'
import { proposeBy, proposedSchema } from '../../three/propose-by.ts'
import {
  addRole,
  giveRole,
  groupsOfRoleAtMost,
  type RoleNeeds,
  removeRole,
  setRole,
  takeRole,
  versionRow,
} from '../own-roles.ts'
import { rangeOf, rangeShape } from '../range-shape.ts'
import { holderSchema, listRoles, roleDetail, roleRowSchema } from '../role-view.ts'
import { beginView, type ViewNeeds, viewedDepartmentsAtMost } from '../view-as.ts'

const access = administrator('super')
const version = optionalText('表单读到的版本', { max: 64 })

const pointNameSchema = Type.Object({ point: Type.String(), words: Type.String() })
const shippedSchema = Type.Object({
  name: Type.Enum(['super', 'graded', 'helpDesk']),
  points: Type.Array(Type.String()),
})

/** The roles that there are, and what they can be made of. */
export const rolesCall = pageCall({
  method: 'GET',
  path: '/web/roles',
  access,
  point: 'role:read',
  directory: true,
  input: {},
  output: Type.Object({
    list: Type.Array(roleRowSchema),
    /** The fixed ones. */
    shipped: Type.Array(shippedSchema),
    /** Points of the corp by area; `givable` are those that an own role may hold. */
    areas: Type.Array(
      Type.Object({ area: Type.String(), words: Type.String(), points: Type.Array(pointNameSchema) }),
    ),
    givable: Type.Array(Type.String()),
  }),
  async handle(ctx: RoleNeeds, { corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const known = Object.entries(points) as [Point, (typeof points)[Point]][]
    const ofCorp = known.filter(([point]) => shipped.super.has(point))
    return {
      list: await listRoles(ctx, corpId),
      shipped: (['super', 'graded', 'helpDesk'] as const).map(name => ({ name, points: [...shipped[name]] })),
      areas: Object.entries(areas).flatMap(([area, words]) => {
        const own = ofCorp.filter(([point]) => point.startsWith(`${area}:`))
        const named = own.map(([point, one]) => ({ point, words: wordsIn(language, one) }))
        return own.length > 0 ? [{ area, words: wordsIn(language, words), points: named }] : []
      }),
      givable: [...givablePoints],
    }
  },
})

const detailSchema = Type.Object({
  role: roleRowSchema,
  holders: Type.Array(holderSchema),
  /** Sent back when it is changed or deleted. */
  version: Type.String(),
})
export type RoleDetail = Static<typeof detailSchema>

export const roleCall = pageCall({
  method: 'GET',
  path: '/web/roles/role',
  access,
  point: 'role:read',
  directory: true,
  input: { id: requiredId('角色编号') },
  output: detailSchema,
  async handle(ctx: RoleNeeds, { corpId, input }) {
    const { stored, role, holders } = await roleDetail(ctx, corpId, input.id)
    return { role, holders, version: versionOf(versionRow(stored)) }
  },
})

/** The apps and developers that a range can name. */
export const rangeChoices = pageCall({
  method: 'GET',
  path: '/web/roles/range-choices',
  access,
  point: 'role:edit',
  directory: true,
  input: {},
  output: Type.Object({
    apps: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    developers: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  }),
  handle(ctx: RoleNeeds, { corpId }) {
    const { app, developer } = ctx.offered.inRange(corpId)
    const listed = (names: ReadonlyMap<string, string>) => [...names].map(([id, name]) => ({ id, name }))
    return { apps: listed(app), developers: listed(developer) }
  },
})

export const saveRoleCall = pageCall({
  method: 'POST',
  path: '/web/roles/save',
  access,
  point: 'role:edit',
  directory: true,
  input: {
    id: optionalInteger('角色编号；不写则创建', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    version,
    name: text('名称', { max: 64 }),
    points: structured('权限点', Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 })),
    range: structured('范围', rangeShape),
    until: optionalTime('到期时间；不写则一直有效'),
    groups: optionalStructured(
      '人群：其成员都有这个角色',
      Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
        maxItems: groupsOfRoleAtMost,
      }),
    ),
  },
  output: Type.Object({ ...proposedSchema.properties, id: Type.Optional(Type.Number()) }),
  async handle(ctx: RoleNeeds, { corpId, input, visitor }) {
    const { id, version, name, points, until = null, groups = [] } = input
    const role = { name, points, range: rangeOf(input.range), until, groups }
    if (ctx.three.isOn(corpId)) {
      const given = { ...(id === undefined ? {} : { id }), name, points, range: input.range, groups }
      const ended = until ? { until: until.toISOString() } : {}
      return proposeBy(ctx, visitor, corpId, 'own-role', { ...given, ...ended })
    }
    const maker = makerOf(visitor)
    if (id === undefined) return { id: await addRole(ctx, maker, corpId, role) }
    await setRole(ctx, maker, corpId, id, role, version ?? '')
    return { id }
  },
})

function makerOf(visitor: Visitor) {
  return { actor: visitor.actor, person: visitor }
}

export const removeRoleCall = pageCall({
  method: 'POST',
  path: '/web/roles/remove',
  access,
  point: 'role:edit',
  directory: true,
  input: { id: requiredId('角色编号'), version },
  output: Type.Object({}),
  async handle(ctx: RoleNeeds, { corpId, input, visitor }) {
    await removeRole(ctx, makerOf(visitor), corpId, input.id, input.version ?? '')
    return {}
  },
})

export const giveRoleCall = pageCall({
  method: 'POST',
  path: '/web/roles/give',
  access,
  point: 'role:edit',
  directory: true,
  input: {
    id: requiredId('角色编号'),
    userId: text('成员账号', { max: 64 }),
    until: optionalTime('到期时间；不写则与角色相同'),
  },
  output: proposedSchema,
  async handle(ctx: RoleNeeds, { corpId, input, visitor }) {
    if (ctx.three.isOn(corpId)) {
      const { id, userId, until } = input
      const ended = until ? { until: until.toISOString() } : {}
      return proposeBy(ctx, visitor, corpId, 'own-role.give', { id, userId, ...ended })
    }
    await giveRole(ctx, makerOf(visitor), corpId, input.id, input.userId, input.until ?? null)
    return {}
  },
})

export const takeRoleCall = pageCall({
  method: 'POST',
  path: '/web/roles/take',
  access,
  point: 'role:edit',
  directory: true,
  input: { id: requiredId('角色编号'), userId: text('成员账号', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: RoleNeeds, { corpId, input, visitor }) {
    await takeRole(ctx, visitor.actor, corpId, input.id, input.userId)
    return {}
  },
})

const viewedDepartment = Type.Object({
  departmentId: Type.Integer({ minimum: 1, maximum: 4_294_967_295 }),
  manage: Type.Boolean(),
})

/** Begins to look as a role. Whoever looks is recorded, and what comes back is sent with the calls of that tab. */
export const viewAsCall = pageCall({
  method: 'POST',
  path: '/web/roles/view-as',
  access,
  point: 'role:edit',
  directory: true,
  input: {
    as: structured(
      '角色：自定义角色的编号，或 graded 与部门，或 helpDesk',
      Type.Union([
        Type.Object({ role: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
        Type.Object(
          {
            level: Type.Literal('graded'),
            departments: Type.Array(viewedDepartment, { maxItems: viewedDepartmentsAtMost }),
          },
          { additionalProperties: false },
        ),
        Type.Object({ level: Type.Literal('helpDesk') }, { additionalProperties: false }),
      ]),
    ),
  },
  output: Type.Object({ view: Type.String(), endsAt: time }),
  handle: (ctx: RoleNeeds & ViewNeeds, { corpId, input, visitor }) =>
    beginView(ctx, visitor, corpId, input.as),
})
