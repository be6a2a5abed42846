import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import {
  anyId,
  choice,
  integers,
  list,
  requiredInteger,
  requiredText,
  text,
  time,
} from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Range } from '../../platform/http/admin/grant.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { corpOf, corpPart } from '../corps/commands/corp-parts.ts'
import { addRole, giveRole, type RoleNeeds, removeRole, setRole, takeRole } from './own-roles.ts'
import { listRoles, type RoleRow, roleDetail } from './role-view.ts'

const states: Record<RoleRow['state'], string> = {
  live: '有效',
  ended: '已到期',
  empty: '范围内的对象已删除，不能使用',
}
const rangeNames = { corp: '整个企业', departments: '部门', apps: '应用与开发者' } as const

const id = requiredInteger('<id>', '角色编号，见 role list', anyId)
const userId = requiredText('<userId>', '成员 userId')
const points = list('--points <points>', '权限点，逗号分隔，例如 console:use,directory:read')
const rangeParts = {
  departments: integers('--departments <ids>', '只用于这些部门及其下级，部门 id，逗号分隔'),
  apps: list('--apps <ids>', '只用于这些应用，应用 id，逗号分隔'),
  developers: list('--developers <devIds>', '只用于这些开发者，devId，逗号分隔'),
}
const groups = integers('--groups <ids>', '人群编号，逗号分隔，其成员都有这个角色；"" 表示没有')
const maker = { actor, person: undefined }

const listCommand = directoryCommand({
  path: 'role list',
  point: 'role:read',
  summary: '列出企业的自定义角色：权限、范围、到期和人数',
  parts: { corp: corpPart },
  async run(ctx: RoleNeeds, { corp }) {
    const roles = await listRoles(ctx, corpOf(ctx, corp))
    const rows = roles.map(role => [
      role.id,
      role.name,
      states[role.state],
      rangeText(role),
      role.points.length,
      role.holders,
      groupsText(role),
      endText(role.until),
    ])
    const heads = ['编号', '名称', '状态', '范围', '权限点', '人数', '人群', '到期']
    return { data: roles, text: table(heads, rows, '没有自定义角色') }
  },
})

const show = directoryCommand({
  path: 'role show',
  point: 'role:read',
  summary: '显示一个自定义角色的权限点，以及谁有这个角色',
  parts: { id, corp: corpPart },
  async run(ctx: RoleNeeds, { id, corp }) {
    const { role, holders } = await roleDetail(ctx, corpOf(ctx, corp), id)
    const rows = holders.map(one => [
      one.userId,
      one.userName || '（已离开）',
      one.isOver ? '已到期' : '有效',
      endText(one.until),
      one.givenBy,
    ])
    const head = `${role.name}（${states[role.state]}，${rangeText(role)}，到期：${endText(role.until)}）`
    const people = table(['userId', '姓名', '状态', '到期', '授予人'], rows, '没有人有这个角色')
    const byGroup = role.groups.length > 0 ? `\n人群：${groupsText(role)}` : ''
    return { data: { ...role, holders }, text: `${head}\n${role.points.join(' ')}${byGroup}\n\n${people}` }
  },
})

const add = directoryCommand({
  path: 'role add',
  point: 'role:edit',
  summary: '创建自定义角色；不写范围则用于整个企业',
  parts: {
    name: requiredText('<name>', '名称'),
    corp: corpPart,
    points,
    ...rangeParts,
    groups,
    until: time('--until <time>', '到期时间；不写则一直有效'),
  },
  async run(ctx: RoleNeeds, { name, corp, points = [], until = null, groups = [], ...parts }) {
    const range = rangeOf(parts) ?? ({ kind: 'corp' } as const)
    const role = { name, points, range, until, groups }
    const id = await addRole(ctx, maker, corpOf(ctx, corp), role)
    return { data: { id, ...role }, text: `已创建角色“${name}”，编号 ${id}` }
  },
})

const set = directoryCommand({
  path: 'role set',
  point: 'role:edit',
  summary: '修改自定义角色；没有写的不变，有这个角色的人立即生效',
  parts: {
    id,
    corp: corpPart,
    name: text('--name <name>', '名称'),
    points,
    ...rangeParts,
    range: choice('--range <range>', 'corp 用于整个企业', ['corp']),
    groups,
    until: time('--until <time>', '到期时间'),
  },
  async run(ctx: RoleNeeds, { id, corp, name, points, until, range, groups, ...parts }) {
    const narrowed = rangeOf(parts)
    if (range && narrowed) throw new ApiError('badParameter', '--range corp 不能与部门、应用或开发者同时使用')
    const moved = range ? ({ kind: 'corp' } as const) : narrowed
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(points ? { points } : {}),
      ...(moved ? { range: moved } : {}),
      ...(until ? { until } : {}),
      ...(groups ? { groups } : {}),
    }
    await setRole(ctx, maker, corpOf(ctx, corp), id, change)
    return { data: { id, ...change }, text: `已修改角色 ${id}` }
  },
})

const remove = directoryCommand({
  path: 'role remove',
  point: 'role:edit',
  summary: '删除自定义角色；有这个角色的人立即失去它',
  parts: { id, corp: corpPart },
  async run(ctx: RoleNeeds, { id, corp }) {
    await removeRole(ctx, maker, corpOf(ctx, corp), id)
    return { data: { id }, text: `已删除角色 ${id}` }
  },
})

const give = directoryCommand({
  path: 'role give',
  point: 'role:edit',
  summary: '把自定义角色授予成员；再次执行即更改到期时间',
  parts: { id, userId, corp: corpPart, until: time('--until <time>', '到期时间；不写则与角色相同') },
  async run(ctx: RoleNeeds, { id, userId, corp, until = undefined }) {
    await giveRole(ctx, maker, corpOf(ctx, corp), id, userId, until ?? null)
    return { data: { id, userId, until: until ?? null }, text: `${userId} 现在有角色 ${id}` }
  },
})

const take = directoryCommand({
  path: 'role take',
  point: 'role:edit',
  summary: '收回成员的自定义角色，立即生效',
  parts: { id, userId, corp: corpPart },
  async run(ctx: RoleNeeds, { id, userId, corp }) {
    await takeRole(ctx, actor, corpOf(ctx, corp), id, userId)
    return { data: { id, userId }, text: `${userId} 不再有角色 ${id}` }
  },
})

export const ownRoleCommands = [listCommand, show, add, set, remove, give, take]

type RangeParts = {
  departments: number[] | undefined
  apps: string[] | undefined
  developers: string[] | undefined
}

function rangeOf({ departments, apps, developers }: RangeParts): Range | undefined {
  const isApps = apps !== undefined || developers !== undefined
  if (departments && isApps)
    throw new ApiError('badParameter', '--departments 不能与 --apps、--developers 同时使用')
  if (departments) return { kind: 'departments', departmentIds: departments }
  return isApps ? { kind: 'apps', appIds: apps ?? [], devIds: developers ?? [] } : undefined
}

function rangeText({ range }: RoleRow): string {
  const parts = [...range.departments, ...range.apps, ...range.developers]
  const names = parts.map(({ id, name }) => (name === '' ? `${id}（已删除）` : `${name}(${id})`))
  return range.kind === 'corp' ? rangeNames.corp : `${rangeNames[range.kind]} ${names.join('、')}`.trim()
}

function groupsText({ groups }: RoleRow): string {
  return groups.map(({ name, members }) => `${name}(${members} 人)`).join('、')
}

function endText(until: string | null): string {
  return until === null ? '不到期' : when(new Date(until))
}
