import { hash } from 'node:crypto'
import { Type } from 'typebox'
import type { AliyunSettings } from '../../../upstream/sms/aliyun.ts'
import { digests, type GatewaySettings } from '../../../upstream/sms/gateway.ts'
import type { HuaweiSettings } from '../../../upstream/sms/huawei.ts'
import type { TencentSettings } from '../../../upstream/sms/tencent.ts'
import type { Setup } from '../channel.ts'
import { line, lines, type SettingFields } from '../setting-field.ts'
import { gatewaySamples } from './gateway-samples.ts'

/** What every vendor has. `price` is in fen for one segment. */
type OfAll = { signName: string; name?: string; price?: string; receiptsFrom?: string }
type Endpoint = { endpoint?: string }

/** One vendor of a corp's order. */
export type SmsSettings = OfAll &
  (
    | ({ vendor: 'tencent' } & TencentSettings & Endpoint)
    | ({ vendor: 'aliyun' } & AliyunSettings & Endpoint)
    | ({ vendor: 'huawei' } & HuaweiSettings & { address: string })
    | ({ vendor: 'http' } & GatewaySettings)
  )

/** How many vendors a corp may have in order. */
export const vendorsAtMost = 3

/** What names a vendor in attempts and templates: a second one of the same kind has a name of its own. */
export const wayOf = ({ name, vendor }: Pick<SmsSettings, 'name' | 'vendor'>): string => name || vendor

/** A hash of what the vendor knows its customer by, and of where it is. */
export function accountOf(one: SmsSettings): string {
  const customer = {
    tencent: () => 'sdkAppId' in one && one.sdkAppId,
    aliyun: () => 'accessKeyId' in one && one.accessKeyId,
    huawei: () => 'appKey' in one && [one.appKey, one.address],
    http: () => 'url' in one && one.url,
  }[one.vendor]()
  const endpoint = 'endpoint' in one ? (one.endpoint ?? '') : ''
  return hash('sha256', JSON.stringify([one.vendor, customer, endpoint]), 'base64url').slice(0, 16)
}

/** The vendors in their order. */
export function vendorsOf({ settings, further = [] }: Setup<SmsSettings>): readonly SmsSettings[] {
  return settings ? [settings, ...further] : []
}

const tencent = { field: 'vendor', is: 'tencent' }
const aliyun = { field: 'vendor', is: 'aliyun' }
const huawei = { field: 'vendor', is: 'huawei' }
const http = { field: 'vendor', is: 'http' }
const retype = {
  zh: '服务商、密钥 ID 或接口地址改了，请重新填写',
  en: 'Vendor, key id or address changed: type it again',
}
const key = { schema: line(500), flag: '--secret-key <key>', required: true } as const
const keyHelp = {
  zh: '服务商的 SecretKey、AccessKeySecret 或 APP_Secret',
  en: 'SecretKey, AccessKeySecret or APP_Secret of the vendor',
}
const id = { schema: line(200), flag: '--secret-id <id>', required: true, isUntold: true } as const
const idHelp = {
  zh: '服务商的 SecretId、AccessKeyId 或 APP_Key',
  en: 'SecretId, AccessKeyId or APP_Key of the vendor',
}
const endpoint = {
  schema: line(253),
  label: { zh: '接口地址', en: 'API address' },
  flag: '--sms-endpoint <host:port>',
  flagHelp: {
    zh: '短信接口地址，默认为服务商的',
    en: 'address of the SMS API, by default that of the vendor',
  },
  help: {
    zh: '经过代理时才填，默认为服务商的地址；以 https 访问，WISP_OUTBOUND_ALLOW 中的主机除外。',
    en: "Only through a proxy; the vendor's own otherwise. Over https, except for hosts of WISP_OUTBOUND_ALLOW.",
  },
  isAdvanced: true,
} as const

export const smsSettingFields = {
  vendor: {
    schema: Type.Enum(['tencent', 'aliyun', 'huawei', 'http']),
    label: { zh: '服务商', en: 'Vendor' },
    flag: '--sms <vendor>',
    flagHelp: {
      zh: '短信服务商（须有密钥，腾讯云还须有 --sdk-app-id，http 为任意短信网关）',
      en: 'SMS vendor (it takes keys, Tencent Cloud also --sdk-app-id; http is any SMS gateway)',
    },
    required: true,
    initial: 'tencent',
    choices: [
      { value: 'tencent', label: { zh: '腾讯云', en: 'Tencent Cloud' } },
      { value: 'aliyun', label: { zh: '阿里云', en: 'Aliyun' } },
      { value: 'huawei', label: { zh: '华为云', en: 'Huawei Cloud' } },
      { value: 'http', label: { zh: 'HTTP 网关', en: 'HTTP gateway' } },
    ],
    isSwitch: true,
    isWide: true,
  },
  secretId: { ...id, label: { zh: 'SecretId', en: 'SecretId' }, flagHelp: idHelp, only: tencent },
  accessKeyId: { ...id, label: { zh: 'AccessKeyId', en: 'AccessKeyId' }, flagHelp: idHelp, only: aliyun },
  appKey: { ...id, label: { zh: 'APP_Key', en: 'APP_Key' }, flagHelp: idHelp, only: huawei },
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
  appSecret: {
    ...key,
    label: { zh: 'APP_Secret', en: 'APP_Secret' },
    flagHelp: keyHelp,
    secret: { keptFor: ['vendor', 'appKey', 'address'], retype },
    only: huawei,
  },
  sdkAppId: {
    schema: line(50),
    label: { zh: 'SdkAppId', en: 'SdkAppId' },
    flag: '--sdk-app-id <id>',
    flagHelp: { zh: '腾讯云短信的 SdkAppId', en: 'SdkAppId of SMS at Tencent Cloud' },
    required: true,
    only: tencent,
  },
  address: {
    schema: line(500),
    label: { zh: 'APP 接入地址', en: 'App access address' },
    flag: '--sms-address <url>',
    flagHelp: {
      zh: '华为云短信应用的 APP 接入地址',
      en: 'APP access address of the SMS application at Huawei Cloud',
    },
    placeholder: 'https://smsapi.cn-north-4.myhuaweicloud.com:443',
    required: true,
    only: huawei,
  },
  channelNumber: {
    schema: line(50),
    label: { zh: '发送号码（from）', en: 'Sender (from)' },
    flag: '--channel-number <number>',
    flagHelp: {
      zh: '华为云控制台中签名的发送号码（from）',
      en: "sender number (from) of the signature in Huawei Cloud's console",
    },
    required: true,
    only: huawei,
  },
  sample: {
    schema: Type.Enum(Object.keys(gatewaySamples)),
    label: { zh: '从样例开始', en: 'Begin with a sample' },
    flag: '--gateway-sample <name>',
    flagHelp: { zh: '网关样例，只供页面填写', en: 'sample gateway, only fills in the page' },
    choices: Object.entries(gatewaySamples).map(([value, { label, sets }]) => ({ value, label, sets })),
    only: http,
    isFirst: true,
  },
  url: {
    schema: line(1000),
    label: { zh: '网关地址', en: 'Address of the gateway' },
    flag: '--gateway-url <url>',
    flagHelp: { zh: '短信网关的地址，可含占位符', en: 'address of the SMS gateway, may have placeholders' },
    placeholder: 'https://sms.example.com/send',
    required: true,
    only: http,
    isWide: true,
  },
  key: {
    schema: line(500),
    flag: '--secret-key <key>',
    label: { zh: '密钥 {key}', en: 'Key {key}' },
    flagHelp: keyHelp,
    secret: { keptFor: ['vendor', 'url'], retype },
    only: http,
  },
  body: {
    schema: lines(4000),
    label: { zh: '请求正文', en: 'Body of the request' },
    flag: '--gateway-body <file>',
    flagHelp: { zh: '请求正文的文件', en: 'file of the request body' },
    isText: true,
    help: {
      zh: '占位符：{mobile} {e164} {text} {signName} {params.1} {key} {digest} {id} {time} {timestamp} {nonce}；值会按正文格式转义。',
      en: 'Placeholders: {mobile} {e164} {text} {signName} {params.1} {key} {digest} {id} {time} {timestamp} {nonce}; values are escaped as the format needs.',
    },
    only: http,
  },
  sentWhen: {
    schema: line(200),
    label: { zh: '应答中表示成功', en: 'Sent, by the answer' },
    flag: '--sent-when <rule>',
    flagHelp: {
      zh: '应答怎样表示成功，如 code=0|00',
      en: 'what a response of success has, such as code=0|00',
    },
    placeholder: 'code=0|00',
    required: true,
    help: {
      zh: '写作 路径=值|值；路径为空指整个应答，http 指状态码，值末尾的 * 代表任意内容。两条都不符的算「不明」。',
      en: 'path=value|value; no path: the whole answer; http: its status; * at the end of a value: anything. What fits neither is unclear.',
    },
    only: http,
    isFirst: true,
  },
  refusedWhen: {
    schema: line(200),
    label: { zh: '应答中表示没有发出', en: 'Not sent, by the answer' },
    flag: '--refused-when <rule>',
    flagHelp: {
      zh: '应答怎样表示没有发出（改由下一家），如 code=1001|1002',
      en: 'what a response has if nothing was sent (the next vendor is tried), such as code=1001|1002',
    },
    placeholder: 'code=1001|1002',
    only: http,
  },
  signName: {
    schema: line(50),
    label: { zh: '签名', en: 'Signature' },
    flag: '--sign-name <name>',
    flagHelp: { zh: '短信签名', en: 'SMS signature' },
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
    flagHelp: { zh: '腾讯云地域，默认 ap-guangzhou', en: 'region of Tencent Cloud, ap-guangzhou by default' },
    placeholder: 'ap-guangzhou',
    otherwise: () => 'ap-guangzhou',
    only: tencent,
    isAdvanced: true,
  },
  method: {
    schema: Type.Enum(['POST', 'GET']),
    label: { zh: '方法', en: 'Method' },
    flag: '--gateway-method <method>',
    flagHelp: { zh: '请求方法，默认 POST', en: 'request method, POST by default' },
    choices: ['POST', 'GET'].map(value => ({ value, label: value })),
    otherwise: () => 'POST',
    only: http,
    isAdvanced: true,
  },
  format: {
    schema: Type.Enum(['json', 'form', 'xml']),
    label: { zh: '正文格式', en: 'Format of the body' },
    flag: '--gateway-format <format>',
    flagHelp: { zh: '正文格式，默认 json', en: 'format of the body, json by default' },
    choices: ['json', 'form', 'xml'].map(value => ({ value, label: value })),
    otherwise: () => 'json',
    only: http,
    isAdvanced: true,
  },
  charset: {
    schema: Type.Enum(['utf-8', 'gbk']),
    label: { zh: '字符集', en: 'Charset' },
    flag: '--gateway-charset <charset>',
    flagHelp: { zh: '字符集，默认 utf-8', en: 'character set, utf-8 by default' },
    choices: ['utf-8', 'gbk'].map(value => ({ value, label: value })),
    otherwise: () => 'utf-8',
    only: http,
    isAdvanced: true,
  },
  numbers: {
    schema: Type.Integer({ minimum: 1, maximum: 200 }),
    label: { zh: '一次的号码数', en: 'Numbers in a call' },
    flag: '--gateway-numbers <n>',
    flagHelp: {
      zh: '一次请求的号码数，默认 1；多个以逗号相连',
      en: 'numbers in one request, 1 by default; several are joined by commas',
    },
    otherwise: () => 1,
    only: http,
    isAdvanced: true,
  },
  headers: {
    schema: lines(2000),
    label: { zh: '请求头', en: 'Headers' },
    flag: '--gateway-headers <file>',
    flagHelp: { zh: '请求头的文件，一行一个', en: 'file of the request headers, one a line' },
    placeholder: 'Authorization: Bearer {key}',
    isText: true,
    only: http,
    isAdvanced: true,
  },
  digest: {
    schema: Type.Enum(digests),
    label: { zh: '摘要 {digest}', en: 'Digest {digest}' },
    flag: '--gateway-digest <algorithm>',
    flagHelp: { zh: '摘要算法，默认没有', en: 'hash algorithm, none by default' },
    choices: digests.map(value => ({ value, label: value === 'none' ? { zh: '无', en: 'none' } : value })),
    otherwise: () => 'none',
    only: http,
    isAdvanced: true,
  },
  digestOf: {
    schema: line(1000),
    label: { zh: '对什么算摘要', en: 'What the digest is of' },
    flag: '--digest-of <text>',
    flagHelp: { zh: '对什么算摘要，可含占位符', en: 'what is hashed, may have placeholders' },
    placeholder: '{mobile}{text}{key}',
    only: http,
    isAdvanced: true,
  },
  digestAs: {
    schema: Type.Enum(['hex', 'HEX', 'base64']),
    label: { zh: '摘要写作', en: 'The digest is written as' },
    flag: '--digest-as <form>',
    flagHelp: {
      zh: '摘要的写法，默认小写十六进制',
      en: 'how the hash is written, by default in lower-case hexadecimal',
    },
    choices: ['hex', 'HEX', 'base64'].map(value => ({ value, label: value })),
    otherwise: () => 'hex',
    only: http,
    isAdvanced: true,
  },
  serialAt: {
    schema: line(100),
    label: { zh: '应答中的消息编号', en: "The gateway's id in the answer" },
    flag: '--serial-at <path>',
    flagHelp: { zh: '应答中消息编号的路径', en: 'path of the message id in the response' },
    placeholder: 'data.msgid',
    only: http,
    isAdvanced: true,
  },
  digestForm: {
    schema: Type.Enum(['bytes', 'hex']),
    label: { zh: 'PasswordDigest 的写法', en: 'Form of PasswordDigest' },
    flag: '--digest-form <form>',
    flagHelp: {
      zh: '华为云 PasswordDigest：bytes 为 32 字节的 Base64，hex 为十六进制文本的 Base64',
      en: 'PasswordDigest of Huawei Cloud: bytes is the Base64 of 32 bytes, hex that of the hexadecimal text',
    },
    choices: [
      { value: 'bytes', label: { zh: '字节的 Base64', en: 'Base64 of the bytes' } },
      { value: 'hex', label: { zh: '十六进制文本的 Base64', en: 'Base64 of the hexadecimal text' } },
    ],
    help: {
      zh: '返回 E000027 等鉴权错误、密钥无误时换另一种。',
      en: 'Choose the other one when authentication fails (E000027 and the like) although the keys are right.',
    },
    only: huawei,
    otherwise: () => 'bytes',
    isAdvanced: true,
  },
  abroad: {
    schema: Type.Enum(['template', 'globe']),
    label: { zh: '境外号码', en: 'Foreign numbers' },
    flag: '--abroad <way>',
    flagHelp: {
      zh: '阿里云境外号码：template 用模板，globe 以全文调用 SendMessageToGlobe',
      en: 'numbers abroad at Aliyun: template uses a template, globe calls SendMessageToGlobe with the whole text',
    },
    choices: [
      { value: 'template', label: { zh: '用模板', en: 'By template' } },
      { value: 'globe', label: { zh: '以全文（SendMessageToGlobe）', en: 'By text (SendMessageToGlobe)' } },
    ],
    only: aliyun,
    isAdvanced: true,
  },
  sender: {
    schema: line(20),
    label: { zh: '境外发送方', en: 'Sender abroad' },
    flag: '--sms-sender <id>',
    flagHelp: { zh: '境外号码看到的发送方（SenderId）', en: 'sender shown to numbers abroad (SenderId)' },
    isAdvanced: true,
  },
  price: {
    schema: Type.String({ maxLength: 8, pattern: '^\\d{1,4}(\\.\\d{1,2})?$' }),
    label: { zh: '一条的价格（分）', en: 'Price of a segment (fen)' },
    flag: '--sms-price <fen>',
    flagHelp: {
      zh: '这一家一条短信的价格，分，可有两位小数',
      en: 'price of an SMS at this vendor in fen, with two decimals at most',
    },
    placeholder: '4.5',
    help: {
      zh: '空：按「发送前批准」中的价格。',
      en: 'Empty: the price of the settings of approval.',
    },
    isAdvanced: true,
  },
  receiptsFrom: {
    schema: line(500),
    label: { zh: '回执来源', en: 'Where receipts come from' },
    flag: '--receipts-from <networks>',
    flagHelp: {
      zh: '服务商推送回执的 IP 地址或网段，逗号分隔',
      en: 'IP addresses or networks from which the vendor pushes receipts, separated by commas',
    },
    help: {
      zh: '服务商推送回执的 IP 地址或网段，以逗号分隔。填了才接收推送；空：只由 wisp 查询。',
      en: 'IP addresses or networks that the vendor pushes receipts from, with commas. Without them no push is taken, and wisp asks.',
    },
    isAdvanced: true,
  },
  name: {
    schema: Type.String({ maxLength: 20, pattern: '^[a-z0-9-]*$' }),
    label: { zh: '短名', en: 'Short name' },
    flag: '--sms-name <name>',
    flagHelp: {
      zh: '同一种服务商有两家时，区分它们的短名',
      en: 'short name that tells two vendors of one kind apart',
    },
    help: {
      zh: '同一种服务商有两家时才填：小写字母、数字和 -；用后不要再改。',
      en: 'Only where two vendors are of one kind: a-z, 0-9 and -. Keep it once it is used.',
    },
    isAdvanced: true,
  },
  endpoint,
} as const satisfies SettingFields

/** How people know a vendor; undefined for one with a name of its own. */
export const wayWords = (way: string) =>
  smsSettingFields.vendor.choices.find(({ value }) => value === way)?.label

/** Fen for one segment by this vendor: its own price where it is set, else the corp's. */
export function smsPriceOf(setup: Setup<SmsSettings>, way: string | undefined, corpPrice: number): number {
  const vendors = vendorsOf(setup)
  const vendor = vendors.find(one => wayOf(one) === way) ?? vendors[0]
  return vendor?.price ? Number(vendor.price) : corpPrice
}
