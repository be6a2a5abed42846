import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { integers, requiredInteger, requiredText } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { corpOf, corpPart } from '../corps/commands/corp-parts.ts'
import type { Corps } from '../corps/corps.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { helpDeskRole, type Role } from '../directory/permissions/person.ts'
import type { Three } from '../three/three.ts'
import { listRoles, removeRole, setRole } from './administrators.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; three: Three }

const userId = requiredText('<userId>', { zh: '成员 userId', en: 'userId of the member' })

const set = directoryCommand({
  path: 'admin role set',
  point: 'role:edit',
  summary: {
    zh: '给成员角色: 2 超级管理员，3 分级管理员，4 服务台',
    en: 'Give a member a role: 2 super administrator, 3 graded administrator, 4 help desk',
  },
  details: {
    zh: '分级管理员的部门向下继承，离得最近的设置为准。服务台只能打开控制台的“服务台”，查看和帮助没有角色的成员。再次执行即替换原有的级别与部门。',
    en: 'Departments of graded administrators include their subdepartments; the nearest setting counts. Help desk opens only the page Help desk of the console, which shows and helps members without a role. Run again, it replaces level and departments.',
  },
  parts: {
    userId,
    corp: corpPart,
    level: requiredInteger(
      '--level <n>',
      {
        zh: '2 超级管理员；3 分级管理员；4 服务台',
        en: '2 super administrator; 3 graded administrator; 4 help desk',
      },
      { min: 2, max: 4 },
    ),
    manage: integers('--manage <ids>', {
      zh: '可管理的部门 id，逗号分隔（仅 3 级）',
      en: 'department ids they manage, separated by commas (level 3 only)',
    }),
    view: integers('--view <ids>', {
      zh: '可查看的部门 id，逗号分隔（仅 3 级）',
      en: 'department ids they see, separated by commas (level 3 only)',
    }),
  },
  async run(ctx: Needs, { userId, corp, level, manage = [], view = [] }) {
    const departments = [
      ...manage.map(departmentId => ({ departmentId, manage: true })),
      ...view.map(departmentId => ({ departmentId, manage: false })),
    ]
    const role = { level: readLevel(level), departments }
    await setRole(ctx, actor, corpOf(ctx, corp), userId, role)
    return {
      data: { userId, ...role },
      text: said({
        zh: `已设置 ${userId} 为${levelNames[role.level].zh}`,
        en: `${userId} is now ${levelNames[role.level].en}`,
      }),
    }
  },
})

const levelNames = {
  2: { zh: '超级管理员', en: 'super administrator' },
  3: { zh: '分级管理员', en: 'graded administrator' },
  4: { zh: '服务台', en: 'help desk' },
} as const

function readLevel(given: number): Role['level'] {
  return given === 2 || given === helpDeskRole ? given : 3
}

/** What a role may see and manage without departments of its own. */
const unlimited = { 2: { zh: '全部', en: 'all' }, 3: undefined, 4: '—' } as const

const remove = directoryCommand({
  path: 'admin role remove',
  point: 'role:edit',
  summary: { zh: '取消成员的角色', en: 'Take the role from a member' },
  parts: { userId, corp: corpPart },
  async run(ctx: Needs, { userId, corp }) {
    await removeRole(ctx, actor, corpOf(ctx, corp), userId)
    return {
      data: { userId },
      text: said({ zh: `${userId} 不再有角色`, en: `${userId} no longer has a role` }),
    }
  },
})

const list = directoryCommand({
  path: 'admin role list',
  point: 'role:read',
  summary: { zh: '列出管理员和服务台', en: 'List administrators and help desk' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const roles = await listRoles(ctx, corpOf(ctx, corp))
    const named = (departments: (typeof roles)[number]['departments'], manage: boolean) =>
      departments
        .filter(one => one.manage === manage)
        .map(one => `${one.name}(${one.departmentId})`)
        .join(said(comma)) || '—'
    const rows = roles.map(role => [
      role.userId,
      role.userName,
      levelNames[role.level],
      unlimited[role.level] ?? named(role.departments, true),
      unlimited[role.level] ?? named(role.departments, false),
    ])
    return {
      data: roles,
      text: table(
        [
          'userId',
          { zh: '姓名', en: 'Name' },
          { zh: '级别', en: 'level' },
          { zh: '管理', en: 'Manages' },
          { zh: '查看', en: 'Read' },
        ],
        rows,
      ),
    }
  },
})

export const roleCommands = [set, remove, list]
