import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { optionsOf } from '../../platform/acts/settings.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly } from '../../platform/command/command.ts'
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

const devices = { off: '不通知', administrators: '通知有角色的成员', everyone: '通知所有人' }
const full = { endOldest: '结束最久没有使用的会话', refuse: '拒绝登录' }

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
    ['允许使用控制台的网段', consoleNetworks.join('、') || '不限'],
    [
      '一个人最多同时登录',
      sessionsAtMost === 0 ? '不限' : `${sessionsAtMost} 处，超过时${full[sessionsFull]}`,
    ],
    ['水印', watermark ? '显示' : '不显示'],
  ]
}

const ofCorp = command({
  path: 'sign-in protection',
  point: 'sign-in:protect',
  summary: '显示或修改企业的登录保护：网段、会话、新设备通知、水印',
  details: '只给出要修改的项。网段设置错误、无人能打开控制台时，也用这条命令改回。',
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
      ['成员多久不用就退出', `${usual} 分钟`],
      ['有角色的成员', `${adminIdleMinutes || usual} 分钟`],
      ['新设备登录', devices[newDevice]],
    ])
    return { data: { corpId, ...data }, text }
  },
})

const ofInstallation = command({
  path: 'admin protection',
  point: 'installation:protect',
  summary: '显示或修改系统超级管理员的登录保护：密码规则、网段、会话、水印',
  details: '只给出要修改的项。网段设置错误、无法登录时，也用这条命令改回。',
  parts: optionsOf(installationProtectionSettings),
  async run(ctx: Needs, given) {
    const change = givenOnly(given)
    if (Object.keys(change).length > 0) await setInstallationProtection(ctx, actor, change)
    const data = ctx.protection.ofInstallation()
    const { adminIdleMinutes, passwordLength, passwordKinds, passwordDays, passwordHistory } = data
    const text = facts([
      ['新密码至少', `${passwordLength} 个字符${passwordKinds === 0 ? '' : `，${passwordKinds} 类`}`],
      ['密码最长使用', passwordDays === 0 ? '不限' : `${passwordDays} 天`],
      ['不能重复之前的', passwordHistory === 0 ? '不检查' : `${passwordHistory} 个密码`],
      ...commonFacts(data),
      ['多久不用就退出', `${adminIdleMinutes || accountIdleMinutes} 分钟`],
    ])
    return { data, text }
  },
})

export const protectionCommands = [ofCorp, ofInstallation]
