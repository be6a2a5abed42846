import { Type } from 'typebox'
import { type SettingValues, setting } from '../../platform/acts/settings.ts'
import { choiceOf, integer, text as option, secret } from '../../platform/command/parts.ts'
import { callGroups } from '../../platform/http/gate.ts'
import { flag, optionalText, text } from '../../platform/http/input.ts'
import type { LimitSettings } from './call-limits.ts'
import { limits } from './commands/limits.ts'

const count = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }))
const limit = Type.Object({ perMinute: count, perDay: count }, { additionalProperties: false })
const limitsOfGroups = Type.Object(
  Object.fromEntries(callGroups.map(group => [group, Type.Optional(limit)])),
  {
    additionalProperties: false,
    about: {
      zh: '各组接口每分钟与每天的调用上限；没有写的沿用上一级的',
      en: 'Calls a minute and a day by group; what is left out is inherited',
    },
  },
)

/** Limits of calls by group; a group that is left out is inherited. */
export const limitsShape = Type.Unsafe<LimitSettings>(limitsOfGroups)

/** Settings of a corp, without secrets. */
export const corpSettings = {
  name: setting(Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }), {
    page: text('名称', { max: 64 }),
    option: option('--name <text>', { zh: '企业名称', en: 'name of the corp' }),
  }),
  publicUrl: setting(
    Type.String({
      maxLength: 256,
      about: {
        zh: '本企业访问平台的地址；空为平台的地址',
        en: "Address for this corp; '' is the installation's",
      },
    }),
    {
      page: { ...optionalText('空为平台的地址', { max: 256 }), missing: () => '' },
      option: option('--public-url <url>', {
        zh: '本企业访问 wisp 的地址，与 WISP_PUBLIC_URL 不同时才需要',
        en: 'address at which this corp reaches wisp, only if it differs from WISP_PUBLIC_URL',
      }),
    },
  ),
  hintTokenRequired: setting(
    Type.Boolean({
      about: {
        zh: '变更通知接口（4.2）是否必须带 devToken',
        en: 'Whether notices of changes (4.2) need a devToken',
      },
    }),
    {
      page: flag('变更通知接口（4.2）是否必须带 devToken'),
      option: choiceOf(
        '--hint-token <how>',
        {
          zh: '变更通知接口（4.2）是否必须带 devToken',
          en: 'whether the call of changes (4.2) takes a devToken',
        },
        {
          required: true,
          optional: false,
        },
      ),
    },
  ),
  /** 0: calls are not logged. */
  requestLogDays: setting(
    Type.Integer({
      minimum: 0,
      maximum: 7,
      about: { zh: '接口日志保留几天，0 为不记录', en: 'Days that the request log is kept; 0 logs nothing' },
    }),
    {
      option: integer(
        '--request-log-days <n>',
        { zh: '接口日志保留几天，0 为不记录', en: 'days that the request log is kept, 0 for none' },
        { min: 0, max: 7 },
      ),
    },
  ),
  /** As long as the request log in any case. */
  dataReadDays: setting(
    Type.Integer({
      minimum: 0,
      maximum: 400,
      about: {
        zh: '数据读取（谁的信息被哪个开发者读取）至少保留几天，0 为与接口日志一样长',
        en: 'Days that data reads (whose data which developer got) are kept at least; 0 is as long as the request log',
      },
    }),
    {
      option: integer(
        '--data-read-days <n>',
        {
          zh: '数据读取至少保留几天，0 为与接口日志一样长',
          en: 'days that reads of data are kept at least, 0 for as long as the request log',
        },
        {
          min: 0,
          max: 400,
        },
      ),
    },
  ),
  timeZone: setting(
    Type.String({
      maxLength: 64,
      about: {
        zh: '时区，如 Asia/Shanghai：给成员和管理员的时间、夜间核对都按它',
        en: 'Time zone, such as Asia/Shanghai: of the times that its people read, and of the nightly check',
      },
    }),
    {
      page: optionalText('时区，如 Asia/Shanghai', { max: 64 }),
      option: option('--time-zone <zone>', {
        zh: '时区，如 Asia/Shanghai：给成员和管理员的时间、夜间核对都按它',
        en: 'time zone, such as Asia/Shanghai: of the times shown to members and administrators, and of the nightly reconciliation',
      }),
    },
  ),
  /** Of its developers who have none of their own; {}: the standard. */
  callLimits: setting(limitsShape, {
    option: limits('--limits <list>', {
      zh: `开发者默认的调用限额，逗号分隔: ${callGroups.join('、')} 的 组=每分钟/每天；"" 表示平台的标准`,
      en: `limits of calls of developers by default, separated by commas: group=a minute/a day for ${callGroups.join(', ')}; "" means the standard of wisp`,
    }),
  }),
}

export const secretShape = Type.String({
  minLength: 1,
  maxLength: 256,
  about: { zh: '密钥；企业微信接受了才保存', en: 'The secret; saved when WeCom takes it' },
})

/** In the order in which a command reads them from standard input. */
export const corpSecrets = {
  contactSecret: setting(secretShape, {
    option: secret('--contact-secret <secret>', { zh: '通讯录同步密钥', en: 'contact secret' }),
  }),
  callbackToken: setting(Type.String({ maxLength: 32 }), {
    page: optionalText('回调 Token', { max: 32 }),
    option: secret('--callback-token <token>', {
      zh: '回调 Token，3 到 32 位字母或数字',
      en: 'Token of the callback, 3 to 32 letters or digits',
    }),
  }),
  encodingAesKey: setting(Type.String({ maxLength: 43 }), {
    page: optionalText('回调 EncodingAESKey', { max: 43 }),
    option: secret('--encoding-aes-key <key>', {
      zh: '回调 EncodingAESKey，43 位字母或数字',
      en: 'EncodingAESKey of the callback, 43 letters or digits',
    }),
  }),
}

export type CorpSettings = SettingValues<typeof corpSettings & typeof corpSecrets>
