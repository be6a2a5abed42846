import { administratorName } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { choice, requiredText, secret } from '../../platform/command/parts.ts'
import { facts } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { resetAdministratorPassword } from './administrator.ts'
import { requireSecondFactor, resetSecondFactor, secondFactorStatus } from './factor/second-factor.ts'

type Needs = Core & { offered: FeatureOffers; sessions: Sessions; three: Three }

/** Without a second factor whoever sets the password is the system administrator, whom one of the three must not be too. Throws 1009. */
async function checkResettable(ctx: Needs): Promise<void> {
  if (!ctx.three.isOn(undefined)) return
  const { isOn } = await secondFactorStatus(ctx, { adminName: administratorName })
  if (!isOn)
    throw new ApiError('forbidden', {
      zh: '三员已启用，而 admin 没有两步验证：重设密码等于取得系统管理员，没有重设；紧急时用 --break-glass',
      en: 'the three administrators are separated and admin has no second factor: its password alone would make a system administrator, and was not reset; in an emergency use --break-glass',
    })
}

const resetPassword = command({
  path: 'admin reset-password',
  point: 'installation:account',
  summary: '重设系统超级管理员 admin 的密码，并让其全部会话退出',
  details: '不带参数时生成一个密码，只显示这一次，下次登录须修改。',
  parts: { password: secret('--password <->', '新密码，10 到 200 个字符，不能太常见') },
  async run(ctx: Needs, { password: given }, { isEmergency }) {
    if (!isEmergency) await checkResettable(ctx)
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
  point: 'installation:account',
  summary: '为丢失验证器和恢复码的系统账号关闭两步验证，并让其全部会话退出、管理令牌失效',
  parts: { name: requiredText('<name>', '账号，例如 admin') },
  async run(ctx: Needs, { name }, io) {
    await resetSecondFactor(ctx, actor, { adminName: name }, io)
    return { data: { name }, text: `${name} 的两步验证已关闭` }
  },
})

const requireFactor = command({
  path: 'admin second-factor require',
  point: 'installation:account',
  summary: '要求所有系统账号使用两步验证，或不再要求',
  details: '没有启用的账号须先设置两步验证，才能做别的事。',
  parts: { choice: choice('<on|off>', '要求或不要求', ['on', 'off']) },
  async run(ctx: Needs, { choice }) {
    const required = choice === 'on'
    await requireSecondFactor(ctx, actor, required)
    return { data: { required }, text: required ? '已要求两步验证' : '不再要求两步验证' }
  },
})

export const accountCommands = [resetPassword, resetFactor, requireFactor]
