import { Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { SettingFields } from '../setting-field.ts'

export type SmsSettings =
  | {
      vendor: 'tencent'
      secretId: string
      secretKey: string
      sdkAppId: string
      region: string
      signName: string
      endpoint?: string
    }
  | { vendor: 'aliyun'; accessKeyId: string; accessKeySecret: string; signName: string; endpoint?: string }

const tencent = { field: 'vendor', is: 'tencent' }
const aliyun = { field: 'vendor', is: 'aliyun' }
const line = (max: number) => Type.String({ maxLength: max, pattern: '^[^\\r\\n\\t]*$' })
const retype = {
  zh: '服务商、密钥 ID 或接口地址改了，请重新填写',
  en: 'Vendor, key id or address changed: type it again',
}
const key = { schema: line(500), flag: '--secret-key <key>', required: true } as const
const keyHelp = '服务商的 SecretKey 或 AccessKeySecret'
const id = { schema: line(200), flag: '--secret-id <id>', required: true, isUntold: true } as const
const idHelp = '服务商的 SecretId 或 AccessKeyId'

export const smsSettingFields = {
  vendor: {
    schema: Type.Enum(['tencent', 'aliyun']),
    label: { zh: '服务商', en: 'Vendor' },
    flag: '--sms <vendor>',
    flagHelp: '短信服务商（须有密钥，腾讯云还须有 --sdk-app-id）',
    required: true,
    initial: 'tencent',
    choices: [
      { value: 'tencent', label: { zh: '腾讯云短信', en: 'Tencent Cloud SMS' } },
      { value: 'aliyun', label: { zh: '阿里云短信', en: 'Aliyun SMS' } },
    ],
    isSwitch: true,
    isWide: true,
  },
  secretId: { ...id, label: { zh: 'SecretId', en: 'SecretId' }, flagHelp: idHelp, only: tencent },
  accessKeyId: { ...id, label: { zh: 'AccessKeyId', en: 'AccessKeyId' }, flagHelp: idHelp, only: aliyun },
  secretKey: {
    ...key,
    label: { zh: 'SecretKey', en: 'SecretKey' },
    flagHelp: keyHelp,
    secret: { keptFor: ['vendor', 'secretId', 'endpoint'], retype },
    only: tencent,
  },
  accessKeySecret: {
    ...key,
    label: { zh: 'AccessKeySecret', en: 'AccessKeySecret' },
    flagHelp: keyHelp,
    secret: { keptFor: ['vendor', 'accessKeyId', 'endpoint'], retype },
    only: aliyun,
  },
  sdkAppId: {
    schema: line(50),
    label: { zh: 'SdkAppId', en: 'SdkAppId' },
    flag: '--sdk-app-id <id>',
    flagHelp: '腾讯云短信的 SdkAppId',
    required: true,
    only: tencent,
  },
  signName: {
    schema: line(50),
    label: { zh: '签名', en: 'Signature' },
    flag: '--sign-name <name>',
    flagHelp: '短信签名',
    help: {
      zh: '不带【】；模板自己有签名时用模板的。',
      en: "Without 【】; a template's own signature comes first.",
    },
    otherwise: () => '',
  },
  region: {
    schema: line(50),
    label: { zh: '地域', en: 'Region' },
    flag: '--region <region>',
    flagHelp: '腾讯云地域，默认 ap-guangzhou',
    placeholder: 'ap-guangzhou',
    otherwise: () => 'ap-guangzhou',
    only: tencent,
    isAdvanced: true,
  },
  endpoint: {
    schema: line(253),
    label: { zh: '接口地址', en: 'API address' },
    flag: '--sms-endpoint <host:port>',
    flagHelp: '短信接口地址，默认为服务商的',
    help: {
      zh: '经过代理时才填，默认为服务商的地址；以 https 访问，WISP_OUTBOUND_ALLOW 中的主机除外。',
      en: "Only through a proxy; the vendor's own otherwise. Over https, except for hosts of WISP_OUTBOUND_ALLOW.",
    },
    isAdvanced: true,
  },
} as const satisfies SettingFields

export function checkSms(given: SmsSettings, nameOf: (field: string) => string): SmsSettings {
  const { signName, endpoint } = given
  if (/[【】]/.test(signName))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('signName'))} 不带【】`,
      en: told`${own(nameOf('signName'))} goes without 【】`,
    })
  if (endpoint && !/^(https:\/\/)?[A-Za-z0-9.-]+(:\d{1,5})?$/.test(endpoint))
    throw new ApiError('badParameter', {
      zh: told`${own(nameOf('endpoint'))} 应为 主机 或 主机:端口`,
      en: told`${own(nameOf('endpoint'))} should be host or host:port`,
    })
  return given
}
