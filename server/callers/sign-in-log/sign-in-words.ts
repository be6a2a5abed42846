import type { Words } from '../../platform/http/words.ts'

const wayWords: Readonly<Record<string, Words>> = {
  oidc: { zh: 'OpenID Connect', en: 'OpenID Connect' },
  device: { zh: '设备码', en: 'Device code' },
  refresh: { zh: '续期', en: 'Refresh' },
  cas: { zh: 'CAS', en: 'CAS' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  qr: { zh: '扫码', en: 'QR code' },
  sms: { zh: '短信验证码', en: 'SMS code' },
  passkey: { zh: '通行密钥', en: 'Passkey' },
  password: { zh: '密码', en: 'Password' },
  'second-factor': { zh: '两步验证', en: 'Second factor' },
}

/** Every way in which somebody signs in, in the order in which filters list them. */
export const ways: readonly string[] = Object.keys(wayWords)

export function wayIn(way: string): Words {
  return wayWords[way] ?? { zh: way, en: way }
}

const reasonWords: Readonly<Record<string, Words>> = {
  'no-app': {
    zh: '没有这个应用，或它不用这种方式登录',
    en: 'there is no such app, or it signs in another way',
  },
  'app-off': { zh: '应用已停用', en: 'the app is disabled' },
  left: { zh: '此人已离职', en: 'the person has left' },
  inactive: { zh: '账号未激活或已禁用', en: 'the account is not activated, or disabled' },
  'not-visible': { zh: '应用没有对此人开放', en: 'the app is not open to this person' },
  'username-empty': { zh: '用作用户名的字段是空的', en: 'the field behind the user name is empty' },
  'username-doubled': {
    zh: '用作用户名的字段与另一人相同',
    en: 'somebody else has the same value in the field behind the user name',
  },
  administrator: { zh: '系统账号不能进入应用', en: 'local accounts cannot enter apps' },
  acr: { zh: '登录的方式达不到应用要求的级别', en: 'the sign-in was not as sure as the app asks for' },
  consent: { zh: '没有同意提供信息', en: 'the person did not agree to what would be given' },
  client: { zh: '客户端不存在', en: 'there is no such client' },
  secret: { zh: '客户端密钥不对', en: 'the client secret was wrong' },
  redirect: { zh: '重定向地址没有登记', en: 'the redirect address is not registered' },
  service: { zh: '服务地址没有登记', en: 'the service address is not registered' },
  ticket: { zh: '票据无效或已用过', en: 'the ticket was invalid or used already' },
  request: { zh: '应用的请求有误', en: "the application's request was wrong" },
  corp: { zh: '登录链接里的企业不存在', en: 'the sign-in link names a corp that does not exist' },
  agent: { zh: '企业没有用于登录的应用', en: 'the corp has no agent for signing in' },
  state: {
    zh: '登录已超时，或浏览器没有保留 Cookie',
    en: 'the sign-in took too long, or no cookie was kept',
  },
  denied: { zh: '此人取消了登录', en: 'the person cancelled the sign-in' },
  code: { zh: '凭证已用过、已过期或不对', en: 'the code was used already, has expired or was wrong' },
  outsider: { zh: '这个微信不是企业成员', en: 'this account is not a member of the corp' },
  unknown: { zh: '通讯录里没有此人', en: 'the person is not in the address book' },
  wecom: { zh: '企业微信拒绝了登录', en: 'WeCom refused the sign-in' },
  upstream: { zh: '连不上企业微信', en: 'WeCom could not be reached' },
}

/** Why a sign-in was refused; a reason of a protocol's own, such as `invalid_grant`, stands as it is. */
export function reasonIn(reason: string): Words {
  return Object.hasOwn(reasonWords, reason) ? reasonWords[reason]! : { zh: reason, en: reason }
}

const adviceWords: Readonly<Record<string, Words>> = {
  'no-app': {
    zh: '请管理员在应用的「登录」中选好登录方式。',
    en: 'Ask an administrator to choose the way of signing in under Sign-in of the app.',
  },
  'app-off': { zh: '请管理员启用应用。', en: 'Ask an administrator to enable the app.' },
  left: {
    zh: '确认此人还在职时，请管理员检查同步。',
    en: 'If they have not left, ask an administrator to check the sync.',
  },
  inactive: {
    zh: '未激活的请先在企业微信里加入企业；已禁用的请管理员启用。',
    en: 'If not activated, join the corp in WeCom first; if disabled, ask an administrator to enable it.',
  },
  'not-visible': {
    zh: '确认此人该能进入时，请管理员把其部门、标签或本人加入应用的可见范围。',
    en: 'If they should enter, ask an administrator to add them, their department or a tag to the visibility of the app.',
  },
  'username-empty': {
    zh: '请在企业微信里补上这个字段，同步后再登录。',
    en: 'Fill in that field in WeCom, and sign in again after the sync.',
  },
  'username-doubled': {
    zh: '请在企业微信里改正重复的值，同步后再登录。',
    en: 'Correct the value in WeCom that two people have, and sign in again after the sync.',
  },
  administrator: {
    zh: '请用企业微信成员的身份登录，不要用系统账号。',
    en: 'Sign in as a member of WeCom and not with a local account.',
  },
  acr: {
    zh: '请此人在「我的 → 设备与登录」里设置两步验证，再重新登录。',
    en: 'Let them set up a second factor under Me → Devices and sign-in, and sign in again.',
  },
  consent: { zh: '要用这个应用，需要同意提供信息。', en: 'The app cannot be used without agreeing.' },
}

const other: Words = {
  zh: '请重新从应用打开一次；还不行请把编号告诉管理员。',
  en: 'Begin again from the application; if that does not help, tell an administrator the number.',
}

/** What whoever helps can do about it. */
export function adviceOn(reason: string): Words {
  return Object.hasOwn(adviceWords, reason) ? adviceWords[reason]! : other
}
