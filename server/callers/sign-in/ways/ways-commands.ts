import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, UsageError } from '../../../platform/command/command.ts'
import { comma, said } from '../../../platform/command/language.ts'
import { integer, list, optionalSwitch, text } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Words } from '../../../platform/words.ts'
import { insideDaysAtMost, saveWays } from './ways.ts'
import { readWays, type SignInWay, type WaySettings, wayNames } from './ways-store.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const words: Record<SignInWay, Words> = {
  wecom: { zh: '企业微信', en: 'WeCom' },
  sms: { zh: '短信验证码', en: 'SMS code' },
  passkey: { zh: '通行密钥', en: 'passkey' },
}

function told(corpId: string, settings: WaySettings): { data: object; text: string } {
  const { ways, smsTemplate, othersFirst, insideDays, crowdNetworks } = settings
  const shown = facts([
    [{ zh: '登录方式', en: 'Ways of signing in' }, ways.map(way => said(words[way])).join(said(comma))],
    [{ zh: '短信模板', en: 'SMS template' }, smsTemplate || said({ zh: '未设置', en: 'not set' })],
    [
      { zh: '企业微信没有响应时', en: 'If WeCom does not respond' },
      othersFirst
        ? { zh: '其他方式在前', en: 'the other ways come first' }
        : { zh: '顺序不变', en: 'the order stays' },
    ],
    [
      { zh: '企业微信内保持登录', en: 'Signed in inside WeCom for' },
      insideDays === 0
        ? { zh: '12 小时', en: '12 hours' }
        : { zh: `${insideDays} 天`, en: `${insideDays} days` },
    ],
    [
      { zh: '很多人共用的网络', en: 'Networks shared by many' },
      crowdNetworks.join(said(comma)) || said({ zh: '没有登记', en: 'none registered' }),
    ],
  ])
  return { data: { corpId, ...settings }, text: shown }
}

const show = command({
  path: 'sign-in ways show',
  point: 'sign-in:read',
  summary: { zh: '显示企业的登录方式', en: 'Show how members of the corp sign in' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    return told(corpId, await readWays(ctx.db, corpId))
  },
})

const set = command({
  path: 'sign-in ways set',
  point: 'sign-in:edit',
  summary: { zh: '设置企业的登录方式和顺序', en: 'Set the ways of signing in of the corp, and their order' },
  details: {
    zh: '没有写的设置保持不变。方式为 wecom（总是开启）、sms、passkey，登录页按写的顺序显示。',
    en: 'What is not given stays. The ways are wecom (always on), sms and passkey; the sign-in page shows them in the order given.',
  },
  parts: {
    corp: corpPart,
    ways: list('--ways <names>', {
      zh: '开启的方式，按顺序，逗号分隔，例如 wecom,sms,passkey',
      en: 'the ways that are on, in order, separated by commas, such as wecom,sms,passkey',
    }),
    smsTemplate: text('--sms-template <id>', { zh: '验证码的短信模板', en: 'SMS template of the code' }),
    othersFirst: optionalSwitch('--others-first [on|off]', {
      zh: '企业微信没有响应时，其他方式在前',
      en: 'whether the other ways come first if WeCom does not respond',
    }),
    insideDays: integer(
      '--inside-days <n>',
      {
        zh: '没有角色的成员在企业微信内保持登录的天数，0 为 12 小时',
        en: 'days that members without a role stay signed in inside WeCom; 0: 12 hours',
      },
      {
        min: 0,
        max: insideDaysAtMost,
      },
    ),
    crowdNetworks: list('--crowd-networks <list>', {
      zh: '很多人共用的 IP 或网段，逗号分隔，一小时可以输错 300 次短信验证码而不是 30 次；"" 表示没有',
      en: 'IP addresses or networks shared by many, separated by commas: 300 wrong SMS codes an hour in place of 30; "" means none',
    }),
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
  if (!way)
    throw new UsageError({
      zh: `--ways 应为 ${wayNames.join('、')}，收到 ${given}`,
      en: `--ways takes ${wayNames.join(', ')}, not ${given}`,
    })
  return way
}

export const wayCommands = [show, set]
