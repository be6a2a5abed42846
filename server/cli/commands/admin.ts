import { resetAdministratorPassword } from '../../callers/sign-in/administrator.ts'
import { requireSecondFactor, resetSecondFactor } from '../../callers/sign-in/second-factor.ts'
import { listRoles, removeRole, setRole } from '../../organisation/people/administrators.ts'
import { type Command, command, directoryCommand } from '../command.ts'
import { choice, corpOf, corpPart, integers, requiredInteger, requiredText, secret } from '../parts.ts'
import { facts, table } from '../text.ts'
import { actor } from './actor.ts'

const userId = requiredText('<userId>', '成员 userId')

const set = directoryCommand({
  path: 'admin role set',
  summary: '把成员设为管理员: 2 超级管理员，3 分级管理员',
  details: '分级管理员的部门向下继承，离得最近的设置为准。再次执行即替换原有的级别与部门。',
  parts: {
    userId,
    corp: corpPart,
    level: requiredInteger('--level <n>', '2 超级管理员；3 分级管理员', { min: 2, max: 3 }),
    manage: integers('--manage <ids>', '可管理的部门 id，逗号分隔（仅 3 级）'),
    view: integers('--view <ids>', '可查看的部门 id，逗号分隔（仅 3 级）'),
  },
  async run(ctx, { userId, corp, level, manage = [], view = [] }) {
    const departments = [
      ...manage.map(departmentId => ({ departmentId, manage: true })),
      ...view.map(departmentId => ({ departmentId, manage: false })),
    ]
    const role = { level: level === 2 ? (2 as const) : (3 as const), departments }
    await setRole(ctx, actor, corpOf(ctx, corp), userId, role)
    return { data: { userId, ...role }, text: `已设置 ${userId} 为${levelNames[role.level]}` }
  },
})

const levelNames = { 2: '超级管理员', 3: '分级管理员' } as const

const remove = directoryCommand({
  path: 'admin role remove',
  summary: '取消成员的管理员身份',
  parts: { userId, corp: corpPart },
  async run(ctx, { userId, corp }) {
    await removeRole(ctx, actor, corpOf(ctx, corp), userId)
    return { data: { userId }, text: `${userId} 不再是管理员` }
  },
})

const list = directoryCommand({
  path: 'admin role list',
  summary: '列出管理员',
  parts: { corp: corpPart },
  async run(ctx, { corp }) {
    const roles = await listRoles(ctx, corpOf(ctx, corp))
    const named = (departments: (typeof roles)[number]['departments'], manage: boolean) =>
      departments
        .filter(one => one.manage === manage)
        .map(one => `${one.name}(${one.departmentId})`)
        .join('、') || '—'
    const rows = roles.map(role => [
      role.userId,
      role.userName,
      levelNames[role.level],
      role.level === 2 ? '全部' : named(role.departments, true),
      role.level === 2 ? '全部' : named(role.departments, false),
    ])
    return { data: roles, text: table(['userId', '姓名', '级别', '管理', '查看'], rows) }
  },
})

const resetPassword = command({
  path: 'admin reset-password',
  summary: '重设系统超级管理员 admin 的密码，并让其全部会话退出',
  details: '不带参数时生成一个密码，只显示这一次，下次登录须修改。',
  parts: { password: secret('--password <->', '新密码，10 到 200 个字符，不能太常见') },
  async run(ctx, { password: given }) {
    const { user, password } = await resetAdministratorPassword(ctx, actor, given)
    if (password === undefined) return { data: { user }, text: `已设置 ${user} 的密码` }
    const values = facts([
      ['账号', user],
      ['密码', password],
    ])
    return { data: { user, password, mustChange: true }, text: `${values}\n只显示这一次，下次登录须修改` }
  },
})

const resetFactor = command({
  path: 'admin second-factor reset',
  summary: '为丢失验证器和恢复码的系统账号关闭两步验证，并让其全部会话退出',
  parts: { name: requiredText('<name>', '账号，例如 admin') },
  async run(ctx, { name }) {
    await resetSecondFactor(ctx, actor, name)
    return { data: { name }, text: `${name} 的两步验证已关闭` }
  },
})

const requireFactor = command({
  path: 'admin second-factor require',
  summary: '要求所有系统账号使用两步验证，或不再要求',
  details: '没有启用的账号须先设置两步验证，才能做别的事。',
  parts: { choice: choice('<on|off>', '要求或不要求', ['on', 'off']) },
  async run(ctx, { choice }) {
    const required = choice === 'on'
    await requireSecondFactor(ctx, actor, required)
    return { data: { required }, text: required ? '已要求两步验证' : '不再要求两步验证' }
  },
})

export const adminCommands: Command[] = [set, remove, list, resetPassword, resetFactor, requireFactor]
