import { administratorName } from '../../organisation/directory/permissions/person.ts'
import type { Three } from '../../organisation/three/three.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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
  summary: {
    zh: '重设系统超级管理员 admin 的密码，并让其全部会话退出',
    en: 'Reset the password of the system super administrator admin and end all its sessions',
  },
  details: {
    zh: '不带参数时生成一个密码，只显示这一次，下次登录须修改。',
    en: 'Without an option a password is generated and shown only this once; it must be changed at the next sign-in.',
  },
  parts: {
    password: secret('--password <->', {
      zh: '新密码，10 到 200 个字符，不能太常见',
      en: 'new password, 10 to 200 characters, not a common one',
    }),
  },
  async run(ctx: Needs, { password: given }, { isEmergency }) {
    if (!isEmergency) await checkResettable(ctx)
    const { user, password } = await resetAdministratorPassword(ctx, actor, given)
    if (password === undefined)
      return {
        data: { user },
        text: said({ zh: `已设置 ${user} 的密码`, en: `set the password of ${user}` }),
      }
    const values = facts([
      [{ zh: '账号', en: 'Account' }, user],
      [{ zh: '密码', en: 'Password' }, password],
    ])
    return {
      data: { user, password, mustChange: true },
      text: said({
        zh: `${values}\n只显示这一次，下次登录须修改`,
        en: `${values}\nIt is shown only this once and must be changed at the next sign-in`,
      }),
    }
  },
})

const resetFactor = command({
  path: 'admin second-factor reset',
  point: 'installation:account',
  summary: {
    zh: '为丢失验证器和恢复码的系统账号关闭两步验证，并让其全部会话退出、管理令牌失效',
    en: 'Switch off two-step sign-in for a system account that lost authenticator and recovery codes; its sessions end, its admin tokens are revoked',
  },
  parts: { name: requiredText('<name>', { zh: '账号，例如 admin', en: 'account, such as admin' }) },
  async run(ctx: Needs, { name }, io) {
    await resetSecondFactor(ctx, actor, { adminName: name }, io)
    return {
      data: { name },
      text: said({ zh: `${name} 的两步验证已关闭`, en: `two-step sign-in of ${name} is off` }),
    }
  },
})

const requireFactor = command({
  path: 'admin second-factor require',
  point: 'installation:account',
  summary: {
    zh: '要求所有系统账号使用两步验证，或不再要求',
    en: 'Require two-step sign-in of all system accounts, or stop requiring it',
  },
  details: {
    zh: '没有启用的账号须先设置两步验证，才能做别的事。',
    en: 'Accounts that do not have it yet must set it up before they can do anything else.',
  },
  parts: { choice: choice('<on|off>', { zh: '要求或不要求', en: 'require it or not' }, ['on', 'off']) },
  async run(ctx: Needs, { choice }) {
    const required = choice === 'on'
    await requireSecondFactor(ctx, actor, required)
    return {
      data: { required },
      text: required
        ? said({ zh: '已要求两步验证', en: 'two-step sign-in is required' })
        : said({ zh: '不再要求两步验证', en: 'two-step sign-in is no longer required' }),
    }
  },
})

export const accountCommands = [resetPassword, resetFactor, requireFactor]
