import { X509Certificate } from 'node:crypto'
import { Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { SettingFields, SettingsOf } from '../setting-field.ts'

const line = (max: number) => Type.String({ maxLength: max, pattern: '^[^\\r\\n\\t]*$' })
const usualPorts = { tls: 465, starttls: 587, none: 25 } as const

export const emailFields = {
  host: {
    schema: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9._:-]+$' }),
    label: { zh: '服务器', en: 'Server' },
    flag: '--smtp-host <host>',
    flagHelp: '邮件服务器',
    placeholder: 'smtp.exmail.qq.com',
    required: true,
  },
  /** `tls`: encrypted from the first byte; `starttls`: upgrade required; `none`: unencrypted. */
  security: {
    schema: Type.Enum(['tls', 'starttls', 'none']),
    label: { zh: '加密', en: 'Encryption' },
    flag: '--smtp-security <kind>',
    flagHelp: '加密方式',
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
    flagHelp: '登录用户',
    otherwise: () => '',
    isFirst: true,
  },
  password: {
    schema: line(1000),
    label: { zh: '密码', en: 'Password' },
    flag: '--smtp-password <password>',
    flagHelp: '登录密码',
    help: { zh: 'QQ、163 等邮箱填「授权码」。', en: 'Many providers want an app password here.' },
    secret: {
      keptFor: ['host', 'user'],
      retype: {
        zh: '服务器或用户名改了，请重新填写',
        en: 'Server or user name changed: type it again',
      },
    },
  },
  from: {
    schema: line(500),
    label: { zh: '发件人', en: 'Sender' },
    flag: '--smtp-from <address>',
    flagHelp: '发件人，例如 "消息中心 <noreply@example.com>"',
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
    flagHelp: '自签证书机构的 PEM 文件',
    help: {
      zh: '邮件服务器用自建证书时才填。',
      en: 'Only when the mail server has a private certificate.',
    },
    placeholder: '-----BEGIN CERTIFICATE-----',
    isText: true,
    isAdvanced: true,
  },
} as const satisfies SettingFields
export type SmtpSettings = SettingsOf<typeof emailFields>

export function checkSmtp(given: SmtpSettings, nameOf: (field: string) => string): SmtpSettings {
  const { from, ca, user = '', password = '' } = given
  if (!isMailAddress(addressIn(from)))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('from'))} 应为邮箱地址，或「名称 <邮箱地址>」`,
      en: told`${own(nameOf('from'))} should be a mail address, or 'Name <mail address>'`,
    })
  if (ca && !isCertificate(ca))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('ca'))} 不是 PEM 格式的证书`,
      en: told`${own(nameOf('ca'))} is not a PEM certificate`,
    })
  if (user !== '' && given.password === undefined)
    throw new ApiError('missingParameter', told`${own(nameOf('password'))}`)
  return { ...given, user, password: user === '' ? '' : password }
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
