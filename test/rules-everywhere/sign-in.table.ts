import {
  setCorpProtection,
  setInstallationProtection,
} from '../../server/callers/protection/set-protection.ts'
import {
  type CorpProtection,
  type InstallationProtection,
  standardOfCorp,
  standardOfInstallation,
} from '../../server/callers/protection/settings.ts'
import { resetMemberFactor } from '../../server/callers/sign-in/factor/member-factor.ts'
import { saveWays } from '../../server/callers/sign-in/ways/ways.ts'
import type { WaySettings } from '../../server/callers/sign-in/ways/ways-store.ts'
import { usualWays } from '../../server/callers/sign-in/ways/ways-store.ts'
import { connectProgram } from '../../server/features/app-sign-in/configurations/connect.ts'
import { versionOf } from '../../server/platform/http/form-version.ts'
import { command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules of signing in: the ways of a corp, and second factors that are reset. */

const ctx = () => here.world.ctx
const corpId = () => here.world.corpId

const ways = (change: Partial<WaySettings>, ...words: string[]) => {
  const { othersFirst, ...rest } = { ...usualWays, ...change }
  const given = { ...rest, othersFirst: othersFirst ? '1' : '0', version: versionOf(usualWays) }
  return [
    feature(() => saveWays(ctx(), 'test', corpId(), change)),
    page('/web/console/sign-in-ways/save', () => given),
    command('sign-in', 'ways', 'set', ...words),
  ]
}

const reset = (userId: string) => [
  feature(() => resetMemberFactor(ctx(), 'test', corpId(), userId)),
  page('/web/console/second-factor/reset', () => ({ userId })),
  command('sign-in', 'second-factor', 'reset', userId),
]

const protect = (change: Partial<CorpProtection>, ...words: string[]) => [
  feature(() => setCorpProtection(ctx(), 'test', corpId(), change)),
  page('/web/console/protection/save', () => ({ ...change, version: versionOf(standardOfCorp) })),
  management('protection/set', () => ({ protection: change })),
  command('sign-in', 'protection', ...words),
]

const protectInstallation = (change: Partial<InstallationProtection>, ...words: string[]) => [
  feature(() => setInstallationProtection(ctx(), 'test', change)),
  page('/web/installation/protection/save', () => ({
    ...change,
    version: versionOf(standardOfInstallation),
  })),
  management('installation/protection/set', () => ({ protection: change })),
  command('admin', 'protection', ...words),
]

const lockedOut = (given: object) => [
  page('/web/console/protection/save', () => ({ ...given, version: versionOf(standardOfCorp) })),
  page('/web/installation/protection/save', () => ({ ...given, version: versionOf(standardOfInstallation) })),
  management('protection/set', () => ({ protection: given })),
  management('installation/protection/set', () => ({ protection: given })),
]

const protection: Rule[] = [
  [
    'a network of the console that is none',
    '1000',
    /campus/,
    protect({ consoleNetworks: ['campus'] }, '--console-networks', 'campus'),
  ],
  [
    'a network of the installation that is none',
    '1000',
    /10\.0\.0\.0\/40/,
    protectInstallation({ consoleNetworks: ['10.0.0.0/40'] }, '--console-networks', '10.0.0.0/40'),
  ],
  [
    'networks without the own address',
    '1000',
    /您当前的地址/,
    lockedOut({ consoleNetworks: ['192.0.2.0/24'] }),
  ],
  ['an idle time that is too short', '1000', /至少 5 分钟/, protect({ idleMinutes: 3 }, '--idle', '3')],
  [
    'an idle time of the account that is too short',
    '1000',
    /至少 5 分钟/,
    protectInstallation({ adminIdleMinutes: 1 }, '--admin-idle', '1'),
  ],
  [
    'a longer idle time for who has a role',
    '1000',
    /不能大于成员的 30 分钟/,
    protect({ idleMinutes: 30, adminIdleMinutes: 60 }, ...['--idle', '30', '--admin-idle', '60']),
  ],
]

const connect = (program: string, address: string) => [
  feature(() => {
    const given = { program, address, language: 'zh', id: here.appId, version: undefined } as const
    return connectProgram(ctx(), { actor: 'test', approves: true }, corpId(), given)
  }),
  page('/web/apps/programs/connect', () => ({ id: here.appId, version: 0, program, address })),
  page('/web/apps/programs/add', () => ({ name: 'x', program, address })),
  command('app', 'sign-in', () => here.appId, '--program', program, '--address', address),
]

const programs: Rule[] = [
  ['a program that nobody knows', '1000', /notepad/, connect('notepad', 'https://a.example.edu')],
  [
    'an address of a program that is none',
    '1000',
    /grafana\.internal/,
    connect('grafana', 'grafana.internal'),
  ],
  ['an address of a program without https', '1000', /https/, connect('grafana', 'http://a.example.edu')],
]

const rules: Rule[] = [
  ['ways without WeCom', '1000', /企业微信/, ways({ ways: ['passkey'] }, '--ways', 'passkey')],
  [
    'a way twice',
    '1000',
    /每种一次/,
    ways({ ways: ['wecom', 'passkey', 'passkey'] }, '--ways', 'wecom,passkey,passkey'),
  ],
  [
    'codes by SMS with a template that is not there',
    '1000',
    /短信模板/,
    ways({ ways: ['wecom', 'sms'], smsTemplate: 'none' }, '--ways', 'wecom,sms', '--sms-template', 'none'),
  ],
  [
    'a network that is none',
    '1000',
    /campus/,
    ways({ crowdNetworks: ['campus'] }, '--crowd-networks', 'campus'),
  ],
  ['the second factor of nobody', '1007', /nobody/, reset('nobody')],
  ['the second factor of who has none', '1000', /没有启用/, reset('lisi')],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['ways of signing in', rules],
  ['protection of sign-ins', protection],
  ['programs that people sign in to', programs],
]
