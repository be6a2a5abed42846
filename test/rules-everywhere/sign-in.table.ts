import { resetMemberFactor } from '../../server/callers/sign-in/factor/member-factor.ts'
import { saveWays } from '../../server/callers/sign-in/ways/ways.ts'
import type { WaySettings } from '../../server/callers/sign-in/ways/ways-store.ts'
import { usualWays } from '../../server/callers/sign-in/ways/ways-store.ts'
import { connectProgram } from '../../server/features/app-sign-in/configurations/connect.ts'
import { versionOf } from '../../server/platform/http/form-version.ts'
import { command, feature, here, page, type Rule } from './ways.ts'

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
  ['programs that people sign in to', programs],
]
