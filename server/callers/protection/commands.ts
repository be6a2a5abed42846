import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { optionsOf } from '../../platform/acts/settings.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { facts } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { Protection } from './protection.ts'
import { setCorpProtection, setInstallationProtection } from './set-protection.ts'
import {
  accountIdleMinutes,
  type CorpProtection,
  corpProtectionSettings,
  installationProtectionSettings,
  memberIdleMinutes,
} from './settings.ts'

type Needs = Core & { corps: Corps; protection: Protection }

const devices = {
  off: { zh: '不通知', en: 'no notice' },
  administrators: { zh: '通知有角色的成员', en: 'members with a role are told' },
  everyone: { zh: '通知所有人', en: 'everyone is told' },
}
const full = {
  endOldest: { zh: '结束最久没有使用的会话', en: 'the session that was unused for longest ends' },
  refuse: { zh: '拒绝登录', en: 'the sign-in is refused' },
}

function commonFacts({
  consoleNetworks,
  sessionsAtMost,
  sessionsFull,
  watermark,
}: Pick<CorpProtection, 'consoleNetworks' | 'sessionsAtMost' | 'sessionsFull' | 'watermark'>): [
  string,
  string,
][] {
  return [
    [
      said({ zh: '允许使用控制台的网段', en: 'Networks that may use the console' }),
      consoleNetworks.join(said(comma)) || said({ zh: '不限', en: 'any' }),
    ],
    [
      said({ zh: '一个人最多同时登录', en: 'Sessions of one person' }),
      sessionsAtMost === 0
        ? said({ zh: '不限', en: 'any' })
        : said({
            zh: `${sessionsAtMost} 处，超过时${full[sessionsFull].zh}`,
            en: `${sessionsAtMost} at most; beyond that ${full[sessionsFull].en}`,
          }),
    ],
    [
      said({ zh: '水印', en: 'Watermark' }),
      watermark ? said({ zh: '显示', en: 'shown' }) : said({ zh: '不显示', en: 'not shown' }),
    ],
  ]
}

const ofCorp = command({
  path: 'sign-in protection',
  point: 'sign-in:protect',
  summary: {
    zh: '显示或修改企业的登录保护：网段、会话、新设备通知、水印',
    en: 'Show or change the sign-in protection of a corp: networks, sessions, notices of new devices, watermark',
  },
  details: {
    zh: '只给出要修改的项。网段设置错误、无人能打开控制台时，也用这条命令改回。',
    en: 'Give only what is to change. This command also puts networks right when they are wrong and no one can open the console.',
  },
  parts: { corp: corpPart, ...optionsOf(corpProtectionSettings) },
  async run(ctx: Needs, { corp, ...given }) {
    const corpId = corpOf(ctx, corp)
    const change = givenOnly(given)
    if (Object.keys(change).length > 0) await setCorpProtection(ctx, actor, corpId, change)
    const data = ctx.protection.ofCorp(corpId)
    const { idleMinutes, adminIdleMinutes, newDevice } = data
    const usual = idleMinutes || memberIdleMinutes
    const text = facts([
      ...commonFacts(data),
      [
        { zh: '成员多久不用就退出', en: 'Unused session of a member' },
        { zh: `${usual} 分钟`, en: `${usual} minutes` },
      ],
      [
        { zh: '有角色的成员', en: 'Of a member with a role' },
        { zh: `${adminIdleMinutes || usual} 分钟`, en: `${adminIdleMinutes || usual} minutes` },
      ],
      [{ zh: '新设备登录', en: 'Sign-in on a new device' }, devices[newDevice]],
    ])
    return { data: { corpId, ...data }, text }
  },
})

const ofInstallation = command({
  path: 'admin protection',
  point: 'installation:protect',
  summary: {
    zh: '显示或修改系统超级管理员的登录保护：密码规则、网段、会话、水印',
    en: 'Show or change the sign-in protection of the system super administrator: password rules, networks, sessions, watermark',
  },
  details: {
    zh: '只给出要修改的项。网段设置错误、无法登录时，也用这条命令改回。',
    en: 'Give only what is to change. This command also puts networks right when they are wrong and the account cannot sign in.',
  },
  parts: optionsOf(installationProtectionSettings),
  async run(ctx: Needs, given) {
    const change = givenOnly(given)
    if (Object.keys(change).length > 0) await setInstallationProtection(ctx, actor, change)
    const data = ctx.protection.ofInstallation()
    const { adminIdleMinutes, passwordLength, passwordKinds, passwordDays, passwordHistory } = data
    const text = facts([
      [
        { zh: '新密码至少', en: 'New password' },
        {
          zh: `${passwordLength} 个字符${passwordKinds === 0 ? '' : `，${passwordKinds} 类`}`,
          en: `at least ${passwordLength} characters${passwordKinds === 0 ? '' : ` of ${passwordKinds} kinds`}`,
        },
      ],
      [
        { zh: '密码最长使用', en: 'Password is valid for' },
        passwordDays === 0
          ? { zh: '不限', en: 'any' }
          : { zh: `${passwordDays} 天`, en: `${passwordDays} days` },
      ],
      [
        { zh: '不能重复之前的', en: 'Not one of the last' },
        passwordHistory === 0
          ? { zh: '不检查', en: 'not checked' }
          : { zh: `${passwordHistory} 个密码`, en: `${passwordHistory} passwords` },
      ],
      ...commonFacts(data),
      [
        { zh: '多久不用就退出', en: 'Unused session' },
        {
          zh: `${adminIdleMinutes || accountIdleMinutes} 分钟`,
          en: `${adminIdleMinutes || accountIdleMinutes} minutes`,
        },
      ],
    ])
    return { data, text }
  },
})

export const protectionCommands = [ofCorp, ofInstallation]
