import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, UsageError } from '../../../platform/command/command.ts'
import { integer, list, optionalSwitch, text } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { insideDaysAtMost, saveWays } from './ways.ts'
import { readWays, type SignInWay, type WaySettings, wayNames } from './ways-store.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const words: Record<SignInWay, string> = { wecom: '企业微信', sms: '短信验证码', passkey: '通行密钥' }

function told(corpId: string, settings: WaySettings): { data: object; text: string } {
  const { ways, smsTemplate, othersFirst, insideDays, crowdNetworks } = settings
  const shown = facts([
    ['登录方式', ways.map(way => words[way]).join('、')],
    ['短信模板', smsTemplate || '未设置'],
    ['企业微信没有响应时', othersFirst ? '其他方式在前' : '顺序不变'],
    ['企业微信内保持登录', insideDays === 0 ? '12 小时' : `${insideDays} 天`],
    ['很多人共用的网络', crowdNetworks.join('、') || '没有登记'],
  ])
  return { data: { corpId, ...settings }, text: shown }
}

const show = command({
  path: 'sign-in ways show',
  point: 'sign-in:read',
  summary: '显示企业的登录方式',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    return told(corpId, await readWays(ctx.db, corpId))
  },
})

const set = command({
  path: 'sign-in ways set',
  point: 'sign-in:edit',
  summary: '设置企业的登录方式和顺序',
  details: '没有写的设置保持不变。方式为 wecom（总是开启）、sms、passkey，登录页按写的顺序显示。',
  parts: {
    corp: corpPart,
    ways: list('--ways <names>', '开启的方式，按顺序，逗号分隔，例如 wecom,sms,passkey'),
    smsTemplate: text('--sms-template <id>', '验证码的短信模板'),
    othersFirst: optionalSwitch('--others-first [on|off]', '企业微信没有响应时，其他方式在前'),
    insideDays: integer('--inside-days <n>', '没有角色的成员在企业微信内保持登录的天数，0 为 12 小时', {
      min: 0,
      max: insideDaysAtMost,
    }),
    crowdNetworks: list(
      '--crowd-networks <list>',
      '很多人共用的 IP 或网段，逗号分隔，一小时可以输错 300 次短信验证码而不是 30 次；"" 表示没有',
    ),
  },
  async run(ctx: Needs, { corp, ways, smsTemplate, othersFirst, insideDays, crowdNetworks }) {
    const corpId = corpOf(ctx, corp)
    const given: Partial<WaySettings> = {
      ...(ways === undefined ? {} : { ways: ways.map(wayNamed) }),
      ...(smsTemplate === undefined ? {} : { smsTemplate }),
      ...(othersFirst === undefined ? {} : { othersFirst }),
      ...(insideDays === undefined ? {} : { insideDays }),
      ...(crowdNetworks === undefined ? {} : { crowdNetworks }),
    }
    return told(corpId, await saveWays(ctx, actor, corpId, given))
  },
})

function wayNamed(given: string): SignInWay {
  const way = wayNames.find(one => one === given)
  if (!way) throw new UsageError(`--ways 应为 ${wayNames.join('、')}，收到 ${given}`)
  return way
}

export const wayCommands = [show, set]
