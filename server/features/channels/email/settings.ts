import { X509Certificate } from 'node:crypto'
import { Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import { line, type SettingFields, type SettingsOf } from '../setting-field.ts'

const retypeClient = {
  zh: '令牌地址或客户端 ID 改了，请重新填写',
  en: 'Token address or client id changed: type it again',
}
const usualPorts = { tls: 465, starttls: 587, none: 25 } as const

export const emailFields = {
  host: {
    schema: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9._:-]+$' }),
    label: { zh: '服务器', en: 'Server' },
    flag: '--smtp-host <host>',
    flagHelp: { zh: '邮件服务器', en: 'mail server' },
    placeholder: 'smtp.exmail.qq.com',
    required: true,
  },
  /** `tls`: encrypted from the first byte; `starttls`: upgrade required; `none`: unencrypted. */
  security: {
    schema: Type.Enum(['tls', 'starttls', 'none']),
    label: { zh: '加密', en: 'Encryption' },
    flag: '--smtp-security <kind>',
    flagHelp: { zh: '加密方式', en: 'encryption' },
    required: true,
    initial: 'tls',
    otherwise: () => 'starttls',
    choices: [
      {
        value: 'tls',
        label: { zh: 'TLS（通常 465 端口）', en: 'TLS (mostly port 465)' },
        sets: { port: usualPorts.tls },
      },
      {
        value: 'starttls',
        label: { zh: 'STARTTLS（通常 587 端口）', en: 'STARTTLS (mostly port 587)' },
        sets: { port: usualPorts.starttls },
      },
      {
        value: 'none',
        label: { zh: '不加密', en: 'None' },
        sets: { port: usualPorts.none },
        warning: {
          zh: '用户名和密码会在网络上明文传输。',
          en: 'User name and password travel in plain text.',
        },
      },
    ],
  },
  port: {
    schema: Type.Integer({ minimum: 1, maximum: 65_535 }),
    label: { zh: '端口', en: 'Port' },
    flag: '--smtp-port <port>',
    required: true,
    initial: usualPorts.tls,
    otherwise: ({ security }: Record<string, unknown>) => usualPorts[security as keyof typeof usualPorts],
  },
  user: {
    schema: line(320),
    label: { zh: '用户名', en: 'User name' },
    flag: '--smtp-user <user>',
    flagHelp: { zh: '登录用户', en: 'user' },
    otherwise: () => '',
    isFirst: true,
  },
  password: {
    schema: line(1000),
    label: { zh: '密码', en: 'Password' },
    flag: '--smtp-password <password>',
    flagHelp: { zh: '登录密码', en: 'password' },
    help: { zh: 'QQ、163 等邮箱填「授权码」。', en: 'Many providers want an app password here.' },
    secret: {
      keptFor: ['host', 'user'],
      retype: {
        zh: '服务器或用户名改了，请重新填写',
        en: 'Server or user name changed: type it again',
      },
    },
  },
  auth: {
    schema: Type.Enum(['password', 'oauth2']),
    label: { zh: '登录方式', en: 'Sign-in' },
    flag: '--smtp-auth <kind>',
    flagHelp: { zh: '登录方式：password 或 oauth2', en: 'way of authentication: password or oauth2' },
    initial: 'password',
    otherwise: () => 'password',
    isAdvanced: true,
    choices: [
      { value: 'password', label: { zh: '密码', en: 'Password' } },
      { value: 'oauth2', label: { zh: 'OAuth2（如 Microsoft 365）', en: 'OAuth2 (such as Microsoft 365)' } },
    ],
  },
  oauthTokenUrl: {
    schema: line(1000),
    label: { zh: '令牌地址', en: 'Token address' },
    flag: '--oauth-token-url <url>',
    flagHelp: { zh: 'OAuth2 令牌地址', en: 'address of the OAuth2 token' },
    placeholder: 'https://login.microsoftonline.com/…/oauth2/v2.0/token',
    required: true,
    only: { field: 'auth', is: 'oauth2' },
    isWide: true,
    isAdvanced: true,
  },
  oauthClientId: {
    schema: line(320),
    label: { zh: '客户端 ID', en: 'Client id' },
    flag: '--oauth-client-id <id>',
    required: true,
    only: { field: 'auth', is: 'oauth2' },
    isAdvanced: true,
  },
  oauthClientSecret: {
    schema: line(1000),
    label: { zh: '客户端密钥', en: 'Client secret' },
    flag: '--oauth-client-secret <secret>',
    secret: { keptFor: ['oauthTokenUrl', 'oauthClientId'], retype: retypeClient },
    required: true,
    only: { field: 'auth', is: 'oauth2' },
    isAdvanced: true,
  },
  oauthScope: {
    schema: line(1000),
    label: { zh: '权限范围（scope）', en: 'Scope' },
    flag: '--oauth-scope <scope>',
    placeholder: 'https://outlook.office365.com/.default',
    only: { field: 'auth', is: 'oauth2' },
    isAdvanced: true,
  },
  oauthRefreshToken: {
    schema: line(4000),
    label: { zh: '刷新令牌', en: 'Refresh token' },
    flag: '--oauth-refresh-token <token>',
    help: {
      zh: '以邮箱本人的授权登录时填写；不填时以应用的身份登录。',
      en: 'For a sign-in that the mailbox itself allowed. Without it the application signs in.',
    },
    secret: { keptFor: ['oauthTokenUrl', 'oauthClientId'], retype: retypeClient },
    only: { field: 'auth', is: 'oauth2' },
    isAdvanced: true,
  },
  from: {
    schema: line(500),
    label: { zh: '发件人', en: 'Sender' },
    flag: '--smtp-from <address>',
    flagHelp: {
      zh: '发件人，例如 "消息中心 <noreply@example.com>"',
      en: 'sender, such as "Message centre <noreply@example.com>"',
    },
    help: {
      zh: '如 消息中心 <noreply@example.com>；多数邮箱要求地址与用户名相同。',
      en: 'Such as Messages <noreply@example.com>; mostly the address must equal the user name.',
    },
    required: true,
    isWide: true,
  },
  /** PEM certificate of a private certificate authority. */
  ca: {
    schema: Type.String({ maxLength: 100_000 }),
    label: { zh: '证书机构（PEM）', en: 'Certificate authority (PEM)' },
    flag: '--smtp-ca <file>',
    flagHelp: { zh: '自签证书机构的 PEM 文件', en: 'PEM file of an own certificate authority' },
    help: {
      zh: '邮件服务器用自建证书时才填。',
      en: 'Only when the mail server has a private certificate.',
    },
    placeholder: '-----BEGIN CERTIFICATE-----',
    isText: true,
    isAdvanced: true,
  },
  bounceAddress: {
    schema: line(320),
    label: { zh: '退信地址', en: 'Bounce address' },
    flag: '--bounce-address <address>',
    flagHelp: {
      zh: '退信地址，如 bounce+{id}@example.com',
      en: 'bounce address, such as bounce+{id}@example.com',
    },
    placeholder: 'bounce+{id}@example.com',
    help: {
      zh: '信封上的发件地址，退信发到这里；{id} 会换成每封信的标识，邮箱须支持“+”别名。多数邮箱要求它与用户名相同。',
      en: "Sender of the envelope, to which bounces go. {id} becomes the mail's own id, for mailboxes that take a + in addresses. Many servers want the user's own address.",
    },
    isWide: true,
    isAdvanced: true,
  },
  bounces: {
    schema: Type.Enum(['off', 'imap']),
    label: { zh: '读取退信', en: 'Read bounces' },
    flag: '--bounces <kind>',
    flagHelp: { zh: '读取退信：off 或 imap', en: 'how bounces are read: off or imap' },
    help: {
      zh: '不存在或停用的邮箱不再发送。邮箱只读取，不改动。',
      en: 'Nothing is sent any more to addresses that do not exist or are disabled. The mailbox is read and not changed.',
    },
    initial: 'off',
    otherwise: () => 'off',
    isAdvanced: true,
    choices: [
      { value: 'off', label: { zh: '不读取', en: 'No' } },
      { value: 'imap', label: { zh: '从邮箱读取（IMAP）', en: 'From a mailbox (IMAP)' } },
    ],
  },
  imapHost: {
    schema: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9._:-]+$' }),
    label: { zh: 'IMAP 服务器', en: 'IMAP server' },
    flag: '--imap-host <host>',
    placeholder: 'imap.exmail.qq.com',
    required: true,
    only: { field: 'bounces', is: 'imap' },
    isAdvanced: true,
  },
  imapPort: {
    schema: Type.Integer({ minimum: 1, maximum: 65_535 }),
    label: { zh: 'IMAP 端口（TLS）', en: 'IMAP port (TLS)' },
    flag: '--imap-port <port>',
    required: true,
    initial: 993,
    otherwise: () => 993,
    only: { field: 'bounces', is: 'imap' },
    isAdvanced: true,
  },
  imapUser: {
    schema: line(320),
    label: { zh: 'IMAP 用户名', en: 'IMAP user name' },
    flag: '--imap-user <user>',
    required: true,
    only: { field: 'bounces', is: 'imap' },
    isAdvanced: true,
  },
  imapPassword: {
    schema: line(1000),
    label: { zh: 'IMAP 密码', en: 'IMAP password' },
    flag: '--imap-password <password>',
    help: { zh: '登录方式为 OAuth2 时不填。', en: 'Leave it empty with OAuth2.' },
    secret: {
      keptFor: ['imapHost', 'imapUser'],
      retype: {
        zh: 'IMAP 服务器或用户名改了，请重新填写',
        en: 'IMAP server or user name changed: type it again',
      },
    },
    only: { field: 'bounces', is: 'imap' },
    isAdvanced: true,
  },
} as const satisfies SettingFields
export type SmtpSettings = SettingsOf<typeof emailFields>

/**
 * Checks the settings of mail; `nameOf` gives the name of a field in the error.
 * @throws ApiError 1000 for an invalid field, 1001 for a missing one.
 */
export function checkSmtp(given: SmtpSettings, nameOf: (field: string) => string): SmtpSettings {
  const { from, ca, user = '', password = '' } = given
  if (!isMailAddress(addressIn(from)))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('from'))} 应为邮箱地址，或“名称 <邮箱地址>”`,
      en: told`${own(nameOf('from'))} should be a mail address, or 'Name <mail address>'`,
    })
  if (ca && !isCertificate(ca))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('ca'))} 不是 PEM 格式的证书`,
      en: told`${own(nameOf('ca'))} is not a PEM certificate`,
    })
  const isByPassword = given.auth !== 'oauth2'
  if (isByPassword && user !== '' && given.password === undefined)
    throw new ApiError('missingParameter', told`${own(nameOf('password'))}`)
  if (!isByPassword) checkOAuth(given, user, nameOf)
  checkBounceAddress(given.bounceAddress, nameOf)
  if (isByPassword && given.bounces === 'imap' && !given.imapPassword)
    throw new ApiError('missingParameter', told`${own(nameOf('imapPassword'))}`)
  return { ...given, user, password: user === '' ? '' : password }
}

function checkOAuth({ oauthTokenUrl = '' }: SmtpSettings, user: string, nameOf: (field: string) => string) {
  if (user === '') throw new ApiError('missingParameter', told`${own(nameOf('user'))}`)
  if (!URL.canParse(oauthTokenUrl) || new URL(oauthTokenUrl).protocol !== 'https:')
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('oauthTokenUrl'))} 应为 https 地址`,
      en: told`${own(nameOf('oauthTokenUrl'))} should be an address of https`,
    })
}

/** An id has 57 characters, and the part before the @ takes 64. */
const bounceNameAtMost = 7

function checkBounceAddress(given: string | undefined, nameOf: (field: string) => string): void {
  if (!given) return
  const [name = ''] = given.split('{id}')
  const isShort = !given.includes('{id}') || (name.length <= bounceNameAtMost && !name.includes('@'))
  if (isShort && isMailAddress(given.replace('{id}', 'x'))) return
  throw new ApiError('badParameter', {
    zh: told`${own(nameOf('bounceAddress'))} 应为邮箱地址，@ 前可有 {id}，{id} 前最多 ${own(bounceNameAtMost)} 个字符`,
    en: told`${own(nameOf('bounceAddress'))} should be a mail address, perhaps with {id} before the @, and at most ${own(bounceNameAtMost)} characters before {id}`,
  })
}

function addressIn(from: string): string {
  return (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim()
}

/** The domain of a sender, in lower case. */
export function domainOf(from: string): string {
  const address = addressIn(from)
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}
