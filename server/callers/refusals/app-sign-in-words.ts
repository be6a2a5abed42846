import type { RefusalText } from './telling.ts'

/** Why somebody was not signed in to an application. */
export type AppSignInFault =
  | 'no-app'
  | 'app-off'
  | 'left'
  | 'inactive'
  | 'not-visible'
  | 'username-empty'
  | 'username-doubled'
  | 'administrator'
  | 'other-corp'
  | 'other-person'
  | 'service'
  | 'acr'
  | 'not-agreed'
  | 'ticket'
  | 'request'

export const appSignInTellings: Record<AppSignInFault, RefusalText> = {
  'no-app': {
    what: { zh: '这个应用不再使用统一登录', en: 'the application does not use this sign-in any more' },
    advice: {
      zh: '请管理员查看应用的「登录」设置。',
      en: "Ask an administrator to look at the app's way of signing in.",
    },
  },
  'app-off': {
    what: { zh: '应用已停用', en: 'the application is switched off' },
    advice: {
      zh: '需要时请管理员在应用中心启用。',
      en: 'Ask an administrator to switch it on in the app centre.',
    },
  },
  left: {
    what: { zh: '此人已不在通讯录里', en: 'the person is not in the address book any more' },
    advice: {
      zh: '请管理员核对企业微信通讯录和同步。',
      en: 'Ask an administrator to check the address book of WeCom and the sync.',
    },
  },
  inactive: {
    what: { zh: '账号未激活或已禁用', en: 'the account is not activated, or disabled' },
    advice: {
      zh: '未激活的请先在企业微信里加入企业；已禁用的请管理员在企业微信后台启用。',
      en: 'If not activated, join the corp in WeCom first; if disabled, ask an administrator to enable it in WeCom.',
    },
  },
  'not-visible': {
    what: { zh: '不在应用的可见范围内', en: 'the application is not open to this person' },
    advice: {
      zh: '确认此人应当使用时，请应用负责人或管理员把此人加入可见范围。',
      en: 'If they should have it, ask its owners or an administrator to add them to its visibility.',
    },
  },
  'username-empty': {
    what: {
      zh: '通讯录里没有这个应用用来认人的信息（如工号）',
      en: 'the address book lacks what the application knows people by, such as an employee number',
    },
    advice: {
      zh: '请管理员在通讯录里补上，或改用别的字段。',
      en: 'Ask an administrator to fill it in, or to choose another field.',
    },
  },
  'username-doubled': {
    what: {
      zh: '另一个人有相同的工号或账号信息，应用无法分辨',
      en: 'somebody else has the same value in the field by which the application knows people',
    },
    advice: {
      zh: '请管理员在通讯录里改正重复的值。',
      en: 'Ask an administrator to correct the doubled value in the address book.',
    },
  },
  administrator: {
    what: {
      zh: '系统超级管理员是本机账号，不是通讯录里的成员',
      en: 'the system super administrator is a local account and no member of the address book',
    },
    advice: { zh: '请改用自己的企业微信账号登录。', en: 'Sign in with a WeCom account instead.' },
  },
  'other-corp': {
    what: { zh: '登录的是另一个企业的成员', en: 'whoever is signed in belongs to another corp' },
    advice: { zh: '请退出后用本企业的账号登录。', en: 'Sign out, and sign in with an account of this corp.' },
  },
  'other-person': {
    what: { zh: '应用要的是另一个人的登录', en: 'the application asked for the sign-in of another person' },
    advice: {
      zh: '请用那个人的账号登录，或从应用重新登录。',
      en: 'Sign in as that person, or start again from the application.',
    },
  },
  service: {
    what: { zh: '请求登录的地址没有登记', en: 'the address that asks for a sign-in is not registered' },
    advice: {
      zh: '请应用负责人把请求的地址加入应用的登录设置；服务台按编号能查到这个地址。',
      en: "Ask the application's owners to register the address. The help desk finds the address by the number.",
    },
  },
  acr: {
    what: { zh: '应用要求更严格的登录方式', en: 'the application asks for a stronger sign-in' },
    advice: { zh: '请先设置两步验证。', en: 'Set up a second factor first.' },
  },
  'not-agreed': {
    what: { zh: '没有同意向应用提供信息', en: 'the person did not agree to what the application is given' },
    advice: { zh: '重新打开应用，可以再次选择。', en: 'Opening the application again asks again.' },
  },
  ticket: {
    what: {
      zh: '登录凭证无效、已用过或已过期',
      en: 'the ticket is not valid, was used already or has expired',
    },
    advice: { zh: '请从应用重新登录。', en: 'Sign in again from the application.' },
  },
  request: {
    what: { zh: '应用发来的登录请求有误', en: 'the application asked for the sign-in in a wrong way' },
    advice: { zh: '请把编号告诉应用的开发者。', en: "Tell the application's developers the number." },
  },
}
