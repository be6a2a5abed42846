import type { Words } from '../../platform/words.ts'
import { appSignInTellings } from '../refusals/app-sign-in-words.ts'
import { tellingOf } from '../refusals/refusal-words.ts'
import type { RefusalText } from '../refusals/telling.ts'

const wayWords: Readonly<Record<string, Words>> = {
  oidc: { zh: 'OpenID Connect', en: 'OpenID Connect' },
  device: { zh: '设备码', en: 'Device code' },
  refresh: { zh: '续期', en: 'Refresh' },
  cas: { zh: 'CAS', en: 'CAS' },
  ldap: { zh: 'LDAP', en: 'LDAP' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  qr: { zh: '扫码', en: 'QR code' },
  sms: { zh: '短信验证码', en: 'SMS code' },
  mail: { zh: '邮件链接', en: 'Link in a mail' },
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
  'app-password': {
    zh: '应用密码不对或已停用',
    en: 'the application password was wrong, or has ended',
  },
  'card-refused': { zh: '本人在企业微信中拒绝了', en: 'the person refused it in WeCom' },
  'card-unanswered': { zh: '本人没有在企业微信中确认', en: 'the person did not allow it in WeCom' },
  'card-unsent': {
    zh: '企业微信的确认卡片没有发出',
    en: 'the card that asks the person in WeCom could not be sent',
  },
  'card-limit': {
    zh: '15 分钟内多次没有确认，暂不发送卡片',
    en: 'several cards in 15 minutes were not allowed: none is sent for a while',
  },
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
  sessions: { zh: '同时登录的设备已达上限', en: 'as many devices were signed in as may be' },
  suspended: { zh: '企业已暂停服务', en: 'the corp is suspended' },
  wecom: { zh: '企业微信拒绝了登录', en: 'WeCom refused the sign-in' },
  upstream: { zh: '连不上企业微信', en: 'WeCom could not be reached' },
}

/** Why a sign-in was refused; a reason of a protocol's own, such as `invalid_grant`, stands as it is. */
export function reasonIn(reason: string): Words {
  const told: Partial<Record<string, RefusalText>> = appSignInTellings
  return reasonWords[reason] ?? told[reason]?.what ?? { zh: reason, en: reason }
}

/** What whoever helps can do about it. */
export function adviceOn(reason: string): Words {
  return tellingOf({ place: 'app-sign-in', reason }).advice
}
