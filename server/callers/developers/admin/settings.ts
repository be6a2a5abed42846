import { Type } from 'typebox'
import { limits } from '../../../organisation/corps/commands/limits.ts'
import { limitsShape } from '../../../organisation/corps/settings.ts'
import { initialOf, type SettingValues, setting, settingsIn } from '../../../platform/acts/settings.ts'
import { UsageError } from '../../../platform/command/command.ts'
import { choice, choiceOf, integer, list, text as option, readAs } from '../../../platform/command/parts.ts'
import { callGroups } from '../../../platform/http/gate.ts'
import {
  choice as formChoice,
  optionalChoice,
  optionalFlag,
  optionalIds,
  optionalInteger,
  optionalStructured,
  text,
} from '../../../platform/http/input.ts'
import { defaultScopes, scopes } from '../../../platform/http/scope.ts'
import type { describeDeveloper } from '../overview.ts'
import { noRefunds, type RefundLimits, refundLimitsShape } from '../scopes/refund-limits.ts'

const ids = Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 500 })
const dataScope = Type.Object(
  { departments: ids, tags: ids, groups: Type.Optional(ids) },
  { additionalProperties: false },
)
const scopeDays = Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 10 }), {
  about: { zh: '有到期日的权限：有效的最后一天', en: 'The last day of each scope that ends' },
})
const texts = (about: { zh: string; en: string }, maxLength: number, maxItems: number) =>
  Type.Array(Type.String({ maxLength }), { maxItems, about })

/** Settings of a developer, without secrets. */
export const developerSettings = {
  name: setting(Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }), {
    page: text('名称', { max: 64 }),
    option: option('--name <text>', { zh: '名称', en: 'name' }),
  }),
  enabled: setting(Type.Boolean({ about: { zh: '是否启用', en: 'Whether its calls are taken' } }), {
    initial: true,
  }),
  scopes: setting(texts({ zh: '权限', en: 'Scopes' }, 64, scopes.length), {
    initial: [...defaultScopes],
    page: optionalIds({ zh: '权限', en: 'Scopes' }, { max: scopes.length }),
    option: list('--scopes <list>', {
      zh: `权限，逗号分隔: ${scopes.join('、')}；默认 ${defaultScopes.join(',')}`,
      en: `scopes, separated by commas: ${scopes.join(', ')}; ${defaultScopes.join(',')} by default`,
    }),
  }),
  /** Replaces all end dates; without it, scopes that stay keep theirs. */
  scopeDays: setting(scopeDays, {
    initial: {},
    page: optionalStructured('不给则不变', scopeDays),
    option: readAs(
      list('--ends <list>', {
        zh: '权限的到期日，逗号分隔: scope=2026-12-31；"" 表示都不限期',
        en: 'last days of scopes, separated by commas: scope=2026-12-31; "" means that none ends',
      }),
      ends => Object.fromEntries(ends.map(readScopeEnd)),
    ),
  }),
  /** userids of the members who look after it on /developer. */
  owners: setting(texts({ zh: '负责人的 userid', en: 'userids of its owners' }, 64, 20), {
    initial: [],
    option: list('--owners <list>', {
      zh: '负责人的 userid，逗号分隔；"" 表示没有',
      en: 'userids of the owners, separated by commas; "" means none',
    }),
  }),
  dataScope: setting(
    Type.Union([dataScope, Type.Null()], {
      about: { zh: '数据范围；null 为整个企业', en: 'Data scope; null is the whole corp' },
    }),
    {
      initial: null,
      page: { ...optionalStructured('空为整个企业', dataScope), missing: () => null },
    },
  ),
  allowedIps: setting(texts({ zh: 'IP 白名单；空为不限', en: 'Allowed addresses; none is any' }, 64, 200), {
    initial: [],
    page: optionalIds('地址或 CIDR', { max: 200 }),
    option: list('--ips <list>', {
      zh: 'IP 白名单: 地址或 CIDR，逗号分隔；"" 表示不限',
      en: 'allowed addresses: IP addresses or CIDR, separated by commas; "" means any',
    }),
  }),
  /** Original ids of official accounts; null or none: all of the corp. */
  accounts: setting(
    Type.Union([Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 }), Type.Null()], {
      about: { zh: '可用的公众号；null 为全部', en: 'Official accounts it may use; null is all' },
    }),
    {
      initial: null,
      page: optionalIds('公众号的原始 ID；空为企业的全部公众号', { max: 100 }),
      option: list('--accounts <list>', {
        zh: '可用的公众号: 原始 ID，逗号分隔；"" 表示企业的全部',
        en: 'official accounts it may use: original IDs, separated by commas; "" means all of the corp',
      }),
    },
  ),
  listStyle: setting(
    Type.Enum(['object', 'array'], {
      about: { zh: '4.5 至 4.8 的返回形式', en: 'Form of the lists of 4.5 to 4.8' },
    }),
    {
      initial: 'object',
      page: formChoice('4.5 至 4.8 的返回形式', ['object', 'array']),
      option: choice(
        '--list-style <style>',
        { zh: '4.5 至 4.8 的返回形式', en: 'form of the responses of 4.5 to 4.8' },
        ['object', 'array'],
      ),
    },
  ),
  packets: setting(
    Type.Enum(['off', 'allowed', 'required'], { about: { zh: '报文加密', en: 'Encrypted packets' } }),
    { initial: 'off', page: optionalChoice('关闭、允许、必须', ['off', 'allowed', 'required']) },
  ),
  newDevices: setting(
    Type.Boolean({ about: { zh: '可以登记新设备', en: 'Whether further devices can register' } }),
    { initial: true, page: optionalFlag('0: 不再登记新设备，1: 可以登记') },
  ),
  strictInputs: setting(
    Type.Boolean({ about: { zh: '拒绝未知参数', en: 'Whether unknown inputs are refused' } }),
    {
      initial: false,
      page: optionalFlag('1: 拒绝带有未知参数的调用，0: 只提示'),
      option: choiceOf(
        '--unknown-inputs <how>',
        { zh: '未知参数: 仅提示，或拒绝', en: 'unknown inputs: warn of them, or refuse the call' },
        { warn: false, refuse: true },
      ),
    },
  ),
  ownAgents: setting(
    Type.Boolean({
      about: {
        zh: '只能用自己的应用关联的企业微信应用（以及消息中心的默认应用）发消息',
        en: "Whether it sends by the agents of its own apps, and the message centre's, only",
      },
    }),
    {
      initial: true,
      page: optionalFlag('1: 只能用自己的应用关联的企业微信应用发消息，0: 企业的全部'),
      option: choiceOf(
        '--agents <which>',
        {
          zh: '可用来发消息的企业微信应用: 自己的应用关联的，或企业的全部',
          en: 'WeCom apps it may send messages by: those of its own apps, or all of the corp',
        },
        {
          own: true,
          all: false,
        },
      ),
    },
  ),
  wholeInbox: setting(
    Type.Boolean({
      about: {
        zh: '嵌入的收件箱是否显示本人的全部消息；否则只有这个开发者发出的',
        en: "Whether an embedded inbox shows all messages of its person, and not the developer's alone",
      },
    }),
    {
      initial: false,
      page: optionalFlag('1: 嵌入的收件箱显示本人的全部消息，0: 只有这个开发者发出的'),
      option: choiceOf(
        '--inbox <which>',
        {
          zh: '嵌入的收件箱显示哪些消息: 自己发出的，或本人的全部',
          en: 'which messages the embedded inbox shows: its own, or all of the member',
        },
        {
          own: false,
          all: true,
        },
      ),
    },
  ),
  smsBudget: setting(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000_000,
      about: {
        zh: '每月短信预算，单位为分，按企业的时区计月；0 为不另设。须先设置一条短信的价格',
        en: "What its SMS may cost in a month of the corp's zone, in fen; 0: no budget of its own. It takes a price of an SMS",
      },
    }),
    {
      initial: 0,
      page: optionalInteger('每月短信预算，单位为分；0 为不另设', { min: 0, max: 1_000_000_000 }),
      option: integer(
        '--sms-budget <fen>',
        { zh: '每月短信预算，单位为分；0 为不另设', en: 'SMS budget of a month in fen; 0: none of its own' },
        {
          min: 0,
          max: 1_000_000_000,
        },
      ),
    },
  ),
  upstreamPaths: setting(
    texts(
      {
        zh: '可代调用的接口，如 wecom/checkin/getcheckindata；含个人信息的须先在控制台或命令行批准',
        en: 'Calls of vendors that are passed on, such as wecom/checkin/getcheckindata; those about people are approved in the console or on the command line first',
      },
      128,
      200,
    ),
    {
      initial: [],
      page: optionalStructured('不给则不变', Type.Array(Type.String({ maxLength: 128 }), { maxItems: 200 })),
      option: list('--paths <list>', {
        zh: '可代调用的接口，逗号分隔，如 wecom/checkin/getcheckindata（目录见 developer paths）；"" 表示没有',
        en: 'calls of vendors it may pass on, separated by commas, such as wecom/checkin/getcheckindata (developer paths lists them); "" means none',
      }),
    },
  ),
  /** Where its limits of calls differ from the corp's; {}: nowhere. */
  callLimits: setting(limitsShape, {
    initial: {},
    option: limits('--limits <list>', {
      zh: `调用限额，逗号分隔: ${callGroups.join('、')} 的 组=每分钟/每天，如 read=6000/100000；"" 表示沿用企业的`,
      en: `limits of calls, separated by commas: group=a minute/a day for ${callGroups.join(', ')}, such as read=6000/100000; "" means the limits of the corp`,
    }),
  }),
  refundLimits: setting(refundLimitsShape, {
    initial: noRefunds,
    page: optionalStructured('单位分；不给则不变', refundLimitsShape),
    option: readAs(
      option('--refund-limits <fen>', {
        zh: '通过接口退款的限额，单位分: 单笔/每天，如 50000/200000；"" 表示不允许',
        en: 'limits of refunds by API, in fen: each/a day, such as 50000/200000; "" means none are allowed',
      }),
      readRefundOption,
    ),
  }),
}

export type DeveloperSettings = SettingValues<typeof developerSettings> & {
  /** Whether calls of vendors that it gets now may be about people; only for super administrators. */
  approvePersonal?: boolean
}

export const initialSettings = initialOf(developerSettings)

/** The settings of what pages and commands show. */
export function developerSettingsOf(view: Awaited<ReturnType<typeof describeDeveloper>>) {
  return settingsIn(developerSettings, { ...view, owners: view.owners.map(one => one.userId) })
}

/** A scope has a colon in its name, and no equals sign. */
function readScopeEnd(text: string): [string, string] {
  const [scope = '', day, ...more] = text.split('=')
  if (!day || more.length > 0)
    throw new UsageError({
      zh: `--ends: ${text} 应写成 scope=2026-12-31`,
      en: `--ends: ${text} should be written as scope=2026-12-31`,
    })
  return [scope, day]
}

/** Two numbers of fen, or '' for none. */
function readRefundOption(text: string): RefundLimits {
  if (text === '') return noRefunds
  const [, each, day] = /^(\d{1,13})\/(\d{1,13})$/.exec(text) ?? []
  if (day === undefined)
    throw new UsageError({
      zh: `--refund-limits <fen> 应写成 单笔/每天，单位分，如 50000/200000，收到 ${text}`,
      en: `--refund-limits <fen> is written as each/a day, in fen, such as 50000/200000, not ${text}`,
    })
  return { each: Number(each), day: Number(day) }
}
