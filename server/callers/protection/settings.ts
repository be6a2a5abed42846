import { Type } from 'typebox'
import { initialOf, type SettingValues, schemasOf, setting } from '../../platform/acts/settings.ts'
import { choiceOf, integer, list, optionalSwitch } from '../../platform/command/parts.ts'
import {
  optionalChoice,
  optionalFlag,
  optionalInteger,
  optionalStructured,
} from '../../platform/http/input.ts'
import type { Words } from '../../platform/words.ts'

const networksShape = (about: Words) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 200, about })

/** An idle time of `usual` minutes is what sessions have where nothing is set; it can only become shorter. */
const idleMinutes = (about: Words, flags: string, usual: number) =>
  setting(Type.Integer({ minimum: 0, maximum: usual, about }), {
    initial: 0,
    page: optionalInteger(about.zh, { min: 0, max: usual }),
    option: integer(flags, about, { min: 0, max: usual }),
  })

const fullNames = ['endOldest', 'refuse'] as const
const deviceNames = ['off', 'administrators', 'everyone'] as const

export const memberIdleMinutes = 240
export const accountIdleMinutes = 60
/** People read a page for a while, and a shorter time would sign them out while they do. */
export const idleAtLeast = 5

const consoleNetworks = (about: Words) =>
  setting(networksShape(about), {
    initial: [] as string[],
    page: optionalStructured(about.zh, networksShape(about)),
    option: list('--console-networks <list>', {
      zh: `${about.zh}；逗号分隔，"" 清空`,
      en: `${about.en}; separated by commas, "" clears it`,
    }),
  })

const sessionsAbout = {
  zh: '一个人最多同时登录几处，0 为不限',
  en: 'How many sessions one person may have at a time; 0: any number',
}
const fullAbout = {
  zh: '达到上限后再登录：endOldest 结束最久没有使用的会话，refuse 拒绝登录',
  en: 'A further sign-in: endOldest ends the session that was unused for longest, refuse refuses it',
}
const watermarkAbout = {
  zh: '控制台与工作台的页面显示水印：姓名与手机号后四位，打印时也有',
  en: 'Pages of console and portal show a watermark, on paper too: name and last four digits of the mobile',
}

const ofEvery = {
  sessionsAtMost: setting(Type.Integer({ minimum: 0, maximum: 20, about: sessionsAbout }), {
    initial: 0,
    page: optionalInteger(sessionsAbout.zh, { min: 0, max: 20 }),
    option: integer('--sessions <n>', sessionsAbout, { min: 0, max: 20 }),
  }),
  sessionsFull: setting(Type.Enum([...fullNames], { about: fullAbout }), {
    initial: 'endOldest' as (typeof fullNames)[number],
    page: optionalChoice(fullAbout.zh, fullNames),
    option: choiceOf(
      '--sessions-full <how>',
      { zh: '达到上限后再登录', en: 'what a sign-in beyond the limit does' },
      {
        'end-oldest': 'endOldest',
        refuse: 'refuse',
      } as Record<string, (typeof fullNames)[number]>,
    ),
  }),
  watermark: setting(Type.Boolean({ about: watermarkAbout }), {
    initial: false,
    page: optionalFlag(watermarkAbout.zh),
    option: optionalSwitch('--watermark [on|off]', watermarkAbout),
  }),
}

const deviceAbout = {
  zh: '在没有登录过的浏览器登录后通知本人：off 不通知，administrators 只通知有角色的成员，everyone 所有人',
  en: 'Who is told of a sign-in in a browser that is new for them: off, administrators (members with a role), everyone',
}

/** What a corp sets for its members. */
export const corpProtectionSettings = {
  consoleNetworks: consoleNetworks({
    zh: '有角色的成员只能从这些地址或网段使用控制台，空为不限',
    en: 'Addresses and networks from which members with a role may use the console; none: any',
  }),
  ...ofEvery,
  idleMinutes: idleMinutes(
    {
      zh: '成员的会话多少分钟不用就结束，5 到 240，0 为 240',
      en: 'Minutes after which an unused session of a member ends, 5 to 240; 0: 240',
    },
    '--idle <minutes>',
    memberIdleMinutes,
  ),
  adminIdleMinutes: idleMinutes(
    {
      zh: '有角色的成员的会话多少分钟不用就结束，5 到 240，0 为与其他成员相同',
      en: 'The same for members with a role, 5 to 240; 0: as for other members',
    },
    '--admin-idle <minutes>',
    memberIdleMinutes,
  ),
  newDevice: setting(Type.Enum([...deviceNames], { about: deviceAbout }), {
    initial: 'off' as (typeof deviceNames)[number],
    page: optionalChoice(deviceAbout.zh, deviceNames),
    option: choiceOf(
      '--new-device <whom>',
      {
        zh: '在没有登录过的浏览器登录后通知谁',
        en: 'who is told of a sign-in in a browser that is new for them',
      },
      Object.fromEntries(deviceNames.map(name => [name, name])) as Record<
        string,
        (typeof deviceNames)[number]
      >,
    ),
  }),
}

const number = (about: Words, flags: string, range: { min: number; max: number }, initial: number) =>
  setting(Type.Integer({ minimum: range.min, maximum: range.max, about }), {
    initial,
    page: optionalInteger(about.zh, range),
    option: integer(flags, about, range),
  })

export const passwordLengthAtLeast = 10
export const passwordHistoryAtMost = 24

/** Settings of the protection of the system super administrator, who belongs to no corp. */
export const installationProtectionSettings = {
  consoleNetworks: consoleNetworks({
    zh: '系统超级管理员只能从这些地址或网段登录，空为不限',
    en: 'Addresses and networks from which the system super administrator may sign in; none: any',
  }),
  ...ofEvery,
  adminIdleMinutes: idleMinutes(
    {
      zh: '系统超级管理员的会话多少分钟不用就结束，5 到 60，0 为 60',
      en: 'Minutes after which an unused session of the system super administrator ends, 5 to 60; 0: 60',
    },
    '--admin-idle <minutes>',
    accountIdleMinutes,
  ),
  passwordLength: number(
    { zh: '新密码最少几个字符', en: 'Characters that a new password has at least' },
    '--password-length <n>',
    { min: passwordLengthAtLeast, max: 64 },
    passwordLengthAtLeast,
  ),
  passwordKinds: number(
    {
      zh: '新密码至少包含几类字符：大写字母、小写字母、数字、其他；0 为不要求',
      en: 'Kinds of characters that a new password has at least, of capitals, small letters, digits and others; 0: any',
    },
    '--password-kinds <n>',
    { min: 0, max: 4 },
    0,
  ),
  passwordDays: number(
    {
      zh: '密码使用多少天后须修改，0 为不要求',
      en: 'Days after which a password must be changed; 0: never',
    },
    '--password-days <n>',
    { min: 0, max: 365 },
    0,
  ),
  passwordHistory: number(
    {
      zh: '新密码不能与之前几个密码相同，当前密码除外',
      en: 'How many passwords before the present one cannot be taken again',
    },
    '--password-history <n>',
    { min: 0, max: passwordHistoryAtMost },
    0,
  ),
}

export type CorpProtection = Required<SettingValues<typeof corpProtectionSettings>>
export type InstallationProtection = Required<SettingValues<typeof installationProtectionSettings>>
export type PasswordRules = Pick<
  InstallationProtection,
  'passwordLength' | 'passwordKinds' | 'passwordDays' | 'passwordHistory'
>

export const standardOfCorp: CorpProtection = initialOf(corpProtectionSettings)
export const standardOfInstallation: InstallationProtection = initialOf(installationProtectionSettings)
export const corpProtectionShape = Type.Object(schemasOf(corpProtectionSettings), {
  additionalProperties: false,
})
export const installationProtectionShape = Type.Object(schemasOf(installationProtectionSettings), {
  additionalProperties: false,
})
