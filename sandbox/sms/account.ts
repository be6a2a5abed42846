import { createHash } from 'node:crypto'

/**
 * The account data that a customer finds in the consoles of the vendors. It is made up and depends only on
 * the seed the sandbox was first started with.
 */
export interface SmsAccounts {
  tencent: {
    secretId: string
    secretKey: string
    sdkAppId: string
    signName: string
    /** Placeholders are {1}, {2}. */
    templates: { id: string; text: string }[]
  }
  aliyun: {
    accessKeyId: string
    accessKeySecret: string
    signName: string
    /** Placeholders are ${name}; `params` names them in order. */
    templates: { code: string; text: string; params: string[] }[]
  }
  huawei: {
    appKey: string
    appSecret: string
    /** The channel number of the sign. */
    channelNumber: string
    signName: string
    /** Placeholders are ${1}, ${2}. */
    templates: { id: string; text: string; params: string[] }[]
  }
  /** Gateways at /sms-gateway/<json|mas|xml>. */
  gateway: { key: string; signName: string }
}

const signName = '华宇智联'

const texts: { number: string; text: string; params: string[] }[] = [
  { number: '2100001', text: '您的验证码为{1}，{2}分钟内有效，请勿泄露给他人。', params: ['code', 'minute'] },
  { number: '2100002', text: '{1}，您有一条新的待办：{2}，请登录系统处理。', params: ['name', 'title'] },
  {
    number: '2100003',
    text: '会议通知：{1}将于{2}在{3}召开，请准时参加。',
    params: ['topic', 'time', 'place'],
  },
  { number: '2100004', text: '系统今晚将升级维护，期间服务可能短暂中断，敬请谅解。', params: [] },
]

export function smsAccountsOf(seed: number): SmsAccounts {
  return {
    tencent: {
      secretId: `AKID${letters(seed, 'tencent id', 32)}`,
      secretKey: letters(seed, 'tencent key', 32),
      sdkAppId: `1400${String(parseInt(hex(seed, 'tencent app').slice(0, 8), 16) % 1_000_000).padStart(6, '0')}`,
      signName,
      templates: texts.map(({ number, text }) => ({ id: number, text })),
    },
    aliyun: {
      accessKeyId: `LTAI5t${letters(seed, 'aliyun id', 18)}`,
      accessKeySecret: letters(seed, 'aliyun secret', 30),
      signName,
      templates: texts.map(({ number, text, params }) => ({
        code: `SMS_${number}`,
        text: text.replaceAll(/\{(\d)\}/g, (_, index) => `\${${params[Number(index) - 1]}}`),
        params,
      })),
    },
    huawei: {
      appKey: letters(seed, 'huawei key', 28),
      appSecret: letters(seed, 'huawei secret', 28),
      channelNumber: '8819112345678',
      signName,
      templates: texts.map(({ number, text, params }) => ({
        id: hex(seed, `huawei ${number}`).slice(0, 32),
        text: text.replaceAll(/\{(\d)\}/g, '$${$1}'),
        params,
      })),
    },
    gateway: { key: letters(seed, 'gateway key', 24), signName },
  }
}

const digest = (seed: number, what: string): Buffer =>
  createHash('sha512').update(`sandbox ${seed} ${what}`).digest()
const hex = (seed: number, what: string): string => digest(seed, what).toString('hex')
const letters = (seed: number, what: string, length: number): string =>
  digest(seed, what).toString('base64').replaceAll(/[+/=]/g, '').slice(0, length)
