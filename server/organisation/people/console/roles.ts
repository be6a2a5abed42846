import { type Static, Type } from 'typebox'
import {
  choice,
  optionalChoice,
  optionalStructured,
  optionalText,
  text,
} from '../../../platform/http/input.ts'
import { onPage, paging, several } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Corps } from '../../corps/corps.ts'
import { pathOf } from '../../directory/console/viewer.ts'
import { userKey } from '../../directory/mirror/members.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { administratorName } from '../../directory/permissions/person.ts'
import type { JointNeeds } from '../../three/joint-acts.ts'
import { proposeBy, proposedSchema } from '../../three/propose-by.ts'
import { listRoles, type RoleForm, removeRole, roleVersion, setRole } from '../administrators.ts'

type Needs = JointNeeds & { corps: Corps; mirrors: Mirrors }

const roleRowSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  level: Type.Union([Type.Literal(4), Type.Literal(3), Type.Literal(2)]),
  departments: Type.Array(
    Type.Object({
      orgId: Type.String(),
      orgName: Type.String(),
      path: Type.String(),
      manage: Type.Boolean(),
    }),
  ),
  /** Only active members can sign in. */
  isActive: Type.Boolean(),
  isYou: Type.Boolean(),
  /** Sent back when the role is changed or taken away. */
  version: Type.String(),
})
export type RoleRow = Static<typeof roleRowSchema>
const roleListSchema = Type.Object({
  list: Type.Array(roleRowSchema),
  total: Type.Number(),
  /** Name of the local account, which always exists. */
  systemAccount: Type.String(),
})
export type RoleList = Static<typeof roleListSchema>

export const listAdministrators = pageCall({
  method: 'GET',
  path: '/web/directory/roles',
  access: administrator('super'),
  point: 'role:read',
  directory: true,
  input: {
    text: optionalText('姓名或账号', { max: 64 }),
    level: several('2 超级管理员，3 分级管理员，4 服务台', ['2', '3', '4']),
    ...paging,
    sort: optionalChoice('排序', ['level', '-level', 'userName', '-userName', 'userId', '-userId']),
  },
  output: roleListSchema,
  async handle(ctx: Needs, { input, visitor, corpId }): Promise<RoleList> {
    const { tree, members } = ctx.mirrors.of(corpId)
    const wanted = (input.text ?? '').toLowerCase()
    const roles = (await listRoles(ctx, corpId)).filter(
      role =>
        (role.userName.toLowerCase().includes(wanted) || userKey(role.userId).includes(wanted)) &&
        (input.level === undefined || input.level.some(one => one === String(role.level))),
    )
    const { sort = 'level' } = input
    const field = sort.replace(/^-/, '') as 'level' | 'userName' | 'userId'
    roles.sort((a, b) => {
      const order = field === 'level' ? a.level - b.level : a[field].localeCompare(b[field], 'zh-CN')
      return (sort.startsWith('-') ? -order : order) || (a.userId < b.userId ? -1 : 1)
    })
    const list = onPage(roles, input).map(role => {
      const core = members.byKey(userKey(role.userId))
      const departments = role.departments.map(({ departmentId, name, manage }) => {
        const node = tree.get(departmentId)
        const path = node ? pathOf(node).map(one => one.orgName) : []
        return { orgId: String(departmentId), orgName: name, path: path.join(' / '), manage }
      })
      const { userId, userName, level } = role
      const isYou = core !== undefined && visitor.member?.id === core.id
      return {
        userId,
        userName,
        level,
        departments,
        isActive: core?.status === 1,
        isYou,
        version: roleVersion(role),
      }
    })
    return { list, total: roles.length, systemAccount: administratorName }
  },
})

const assignment = Type.Object({
  orgId: Type.String({ pattern: '^[0-9]{1,10}$' }),
  manage: Type.Boolean(),
})
const common = {
  userId: text('成员账号', { max: 64 }),
  version: optionalText('页面读到的版本；新任命不填', { max: 64 }),
  confirm: optionalText('改动自己的角色时，填写自己的账号', { max: 64 }),
}

export const setAdministrator = pageCall({
  method: 'POST',
  path: '/web/directory/role-set',
  access: administrator('super'),
  point: 'role:edit',
  directory: true,
  input: {
    ...common,
    level: choice('2 超级管理员，3 分级管理员，4 服务台', ['2', '3', '4']),
    departments: optionalStructured('分级管理员的部门', Type.Array(assignment, { maxItems: 200 })),
  },
  output: proposedSchema,
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const departments = (input.departments ?? []).map(one => ({
      departmentId: Number(one.orgId),
      manage: one.manage,
    }))
    const level = input.level === '2' ? 2 : input.level === '4' ? 4 : 3
    const { userId } = input
    if (ctx.three.isOn(corpId)) return proposeBy(ctx, visitor, corpId, 'role', { userId, level, departments })
    await setRole(ctx, visitor.actor, corpId, userId, { level, departments }, formOf(input, visitor))
    return {}
  },
})

export const removeAdministrator = pageCall({
  method: 'POST',
  path: '/web/directory/role-remove',
  access: administrator('super'),
  point: 'role:edit',
  directory: true,
  input: common,
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await removeRole(ctx, visitor.actor, corpId, input.userId, formOf(input, visitor))
    return {}
  },
})

function formOf(
  { version = '', confirm }: { version: string | undefined; confirm: string | undefined },
  { member: self }: Visitor,
): RoleForm {
  return { version, self, confirm }
}
