import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
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
import type { Words } from '../../platform/words.ts'
import { corpOf, corpPart } from '../corps/commands/corp-parts.ts'
import { addRole, giveRole, type RoleNeeds, removeRole, setRole, takeRole } from './own-roles.ts'
import { listRoles, type RoleRow, roleDetail } from './role-view.ts'

const states: Record<RoleRow['state'], Words> = {
  live: { zh: '有效', en: 'valid' },
  ended: { zh: '已到期', en: 'expired' },
  empty: { zh: '范围内的对象已删除，不能使用', en: 'unusable: what its range named was deleted' },
}
const rangeNames = {
  corp: { zh: '整个企业', en: 'the whole corp' },
  departments: { zh: '部门', en: 'Departments' },
  apps: { zh: '应用与开发者', en: 'apps and developers' },
} as const

const id = requiredInteger('<id>', { zh: '角色编号，见 role list', en: 'role ID, see role list' }, anyId)
const userId = requiredText('<userId>', { zh: '成员 userId', en: 'userId of the member' })
const points = list('--points <points>', {
  zh: '权限点，逗号分隔，例如 console:use,directory:read',
  en: 'points, separated by commas, such as console:use,directory:read',
})
const rangeParts = {
  departments: integers('--departments <ids>', {
    zh: '只用于这些部门及其下级，部门 id，逗号分隔',
    en: 'only for these departments and their subdepartments, department ids, separated by commas',
  }),
  apps: list('--apps <ids>', {
    zh: '只用于这些应用，应用 id，逗号分隔',
    en: 'only for these apps, app ids, separated by commas',
  }),
  developers: list('--developers <devIds>', {
    zh: '只用于这些开发者，devId，逗号分隔',
    en: 'only for these developers, devIds, separated by commas',
  }),
}
const groups = integers('--groups <ids>', {
  zh: '人群编号，逗号分隔，其成员都有这个角色；"" 表示没有',
  en: 'group IDs, separated by commas, whose members all have the role; "" means none',
})
const maker = { actor, person: undefined }

const listCommand = directoryCommand({
  path: 'role list',
  point: 'role:read',
  summary: {
    zh: '列出企业的自定义角色：权限、范围、到期和人数',
    en: "List the corp's own roles: points, range, end and number of members",
  },
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
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '名称', en: 'Name' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '范围', en: 'Range' }),
      said({ zh: '权限点', en: 'Points' }),
      said({ zh: '人数', en: 'Members' }),
      said({ zh: '人群', en: 'Groups of people' }),
      said({ zh: '到期', en: 'Expires' }),
    ]
    return { data: roles, text: table(heads, rows, { zh: '没有自定义角色', en: 'no own roles' }) }
  },
})

const show = directoryCommand({
  path: 'role show',
  point: 'role:read',
  summary: {
    zh: '显示一个自定义角色的权限点，以及谁有这个角色',
    en: 'Show the points of an own role, and who has it',
  },
  parts: { id, corp: corpPart },
  async run(ctx: RoleNeeds, { id, corp }) {
    const { role, holders } = await roleDetail(ctx, corpOf(ctx, corp), id)
    const rows = holders.map(one => [
      one.userId,
      one.userName || said({ zh: '（已离开）', en: '(left)' }),
      one.isOver ? said({ zh: '已到期', en: 'expired' }) : said({ zh: '有效', en: 'valid' }),
      endText(one.until),
      one.givenBy,
    ])
    const head = said({
      zh: `${role.name}（${states[role.state].zh}，${rangeText(role)}，到期：${endText(role.until)}）`,
      en: `${role.name} (${states[role.state].en}, ${rangeText(role)}, until ${endText(role.until)})`,
    })
    const people = table(
      [
        'userId',
        { zh: '姓名', en: 'Name' },
        { zh: '状态', en: 'State' },
        { zh: '到期', en: 'Expires' },
        { zh: '授予人', en: 'Given by' },
      ],
      rows,
      { zh: '没有人有这个角色', en: 'no one has the role' },
    )
    const byGroup =
      role.groups.length > 0
        ? said({ zh: `\n人群：${groupsText(role)}`, en: `\ngroups: ${groupsText(role)}` })
        : ''
    return { data: { ...role, holders }, text: `${head}\n${role.points.join(' ')}${byGroup}\n\n${people}` }
  },
})

const add = directoryCommand({
  path: 'role add',
  point: 'role:edit',
  summary: {
    zh: '创建自定义角色；不写范围则用于整个企业',
    en: 'Create an own role; without a range it is for the whole corp',
  },
  parts: {
    name: requiredText('<name>', { zh: '名称', en: 'name' }),
    corp: corpPart,
    points,
    ...rangeParts,
    groups,
    until: time('--until <time>', { zh: '到期时间；不写则一直有效', en: 'until when; without it for good' }),
  },
  async run(ctx: RoleNeeds, { name, corp, points = [], until = null, groups = [], ...parts }) {
    const range = rangeOf(parts) ?? ({ kind: 'corp' } as const)
    const role = { name, points, range, until, groups }
    const id = await addRole(ctx, maker, corpOf(ctx, corp), role)
    return {
      data: { id, ...role },
      text: said({ zh: `已创建角色“${name}”，编号 ${id}`, en: `created the role ${name} with the ID ${id}` }),
    }
  },
})

const set = directoryCommand({
  path: 'role set',
  point: 'role:edit',
  summary: {
    zh: '修改自定义角色；没有写的不变，有这个角色的人立即生效',
    en: 'Change an own role; what is not given stays, and it applies at once to all who have it',
  },
  parts: {
    id,
    corp: corpPart,
    name: text('--name <name>', { zh: '名称', en: 'name' }),
    points,
    ...rangeParts,
    range: choice(
      '--range <range>',
      { zh: 'corp 用于整个企业', en: 'corp makes it a role of the whole corp' },
      ['corp'],
    ),
    groups,
    until: time('--until <time>', { zh: '到期时间', en: 'until when' }),
  },
  async run(ctx: RoleNeeds, { id, corp, name, points, until, range, groups, ...parts }) {
    const narrowed = rangeOf(parts)
    if (range && narrowed)
      throw new ApiError('badParameter', {
        zh: '--range corp 不能与部门、应用或开发者同时使用',
        en: '--range corp excludes departments, apps and developers',
      })
    const moved = range ? ({ kind: 'corp' } as const) : narrowed
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(points ? { points } : {}),
      ...(moved ? { range: moved } : {}),
      ...(until ? { until } : {}),
      ...(groups ? { groups } : {}),
    }
    await setRole(ctx, maker, corpOf(ctx, corp), id, change)
    return { data: { id, ...change }, text: said({ zh: `已修改角色 ${id}`, en: `changed the role ${id}` }) }
  },
})

const remove = directoryCommand({
  path: 'role remove',
  point: 'role:edit',
  summary: {
    zh: '删除自定义角色；有这个角色的人立即失去它',
    en: 'Delete an own role; all who have it lose it at once',
  },
  parts: { id, corp: corpPart },
  async run(ctx: RoleNeeds, { id, corp }) {
    await removeRole(ctx, maker, corpOf(ctx, corp), id)
    return { data: { id }, text: said({ zh: `已删除角色 ${id}`, en: `deleted the role ${id}` }) }
  },
})

const give = directoryCommand({
  path: 'role give',
  point: 'role:edit',
  summary: {
    zh: '把自定义角色授予成员；再次执行即更改到期时间',
    en: 'Give an own role to a member; run again, it changes the end',
  },
  parts: {
    id,
    userId,
    corp: corpPart,
    until: time('--until <time>', {
      zh: '到期时间；不写则与角色相同',
      en: 'until when; by default as long as the role',
    }),
  },
  async run(ctx: RoleNeeds, { id, userId, corp, until = undefined }) {
    await giveRole(ctx, maker, corpOf(ctx, corp), id, userId, until ?? null)
    return {
      data: { id, userId, until: until ?? null },
      text: said({ zh: `${userId} 现在有角色 ${id}`, en: `${userId} now has the role ${id}` }),
    }
  },
})

const take = directoryCommand({
  path: 'role take',
  point: 'role:edit',
  summary: { zh: '收回成员的自定义角色，立即生效', en: 'Take an own role from a member, at once' },
  parts: { id, userId, corp: corpPart },
  async run(ctx: RoleNeeds, { id, userId, corp }) {
    await takeRole(ctx, actor, corpOf(ctx, corp), id, userId)
    return {
      data: { id, userId },
      text: said({ zh: `${userId} 不再有角色 ${id}`, en: `${userId} no longer has the role ${id}` }),
    }
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
    throw new ApiError('badParameter', {
      zh: '--departments 不能与 --apps、--developers 同时使用',
      en: '--departments excludes --apps and --developers',
    })
  if (departments) return { kind: 'departments', departmentIds: departments }
  return isApps ? { kind: 'apps', appIds: apps ?? [], devIds: developers ?? [] } : undefined
}

function rangeText({ range }: RoleRow): string {
  const parts = [...range.departments, ...range.apps, ...range.developers]
  const names = parts.map(({ id, name }) =>
    name === '' ? said({ zh: `${id}（已删除）`, en: `${id} (deleted)` }) : `${name}(${id})`,
  )
  return range.kind === 'corp'
    ? said(rangeNames.corp)
    : `${said(rangeNames[range.kind])} ${names.join(said(comma))}`.trim()
}

function groupsText({ groups }: RoleRow): string {
  return groups
    .map(({ name, members }) => said({ zh: `${name}(${members} 人)`, en: `${name} (${members} members)` }))
    .join(said(comma))
}

function endText(until: string | null): string {
  return until === null ? said({ zh: '不到期', en: 'never' }) : when(new Date(until))
}
