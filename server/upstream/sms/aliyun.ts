import { createRequire } from 'node:module'
import { neverSent, type SmsEndpoint, type SmsOutcome, type SmsReceipt, type SmsVendor } from './vendor.ts'

export type AliyunSettings = {
  accessKeyId: string
  accessKeySecret: string
}

const timeoutMs = 15_000
const host = 'dysmsapi.aliyuncs.com'

// The packages are CommonJS, and large: they are loaded for the first SMS, so that commands start without them.
const require = createRequire(import.meta.url)

/**
 * Aliyun SMS 2017-05-25 through its official SDK (docs/upstream/sms.md#aliyun). A call has one result code for all its numbers.
 */
export function aliyunSms(settings: AliyunSettings, endpoint?: SmsEndpoint): SmsVendor {
  const dysms = require('@alicloud/dysmsapi20170525') as typeof import('@alicloud/dysmsapi20170525')
  const { $OpenApiUtil } = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core')
  const client = new dysms.default(
    new $OpenApiUtil.Config({
      accessKeyId: settings.accessKeyId,
      accessKeySecret: settings.accessKeySecret,
      endpoint: endpoint?.host ?? host,
      protocol: endpoint?.protocol ?? 'https',
      readTimeout: timeoutMs,
      connectTimeout: timeoutMs,
    }),
  )
  return {
    async send({ phones, signName, templateId, params, context }) {
      const named = Object.fromEntries(params.map(one => [one.name, one.value]))
      try {
        const { body } = await client.sendSms(
          new dysms.SendSmsRequest({
            phoneNumbers: phones.map(localNumber).join(),
            signName,
            templateCode: templateId,
            templateParam: JSON.stringify(named),
            outId: context,
          }),
        )
        if (body?.code === 'OK') return { kind: 'sent', serial: body.bizId ?? '', refused: [] }
        return refusal(body?.code ?? '', body?.message ?? '')
      } catch (error) {
        return outcomeOf(error as { code?: string; message?: string })
      }
    },
    async find(phone, context, sentAt) {
      for (const sendDate of datesOf(sentAt)) {
        const { body } = await client.querySendDetails(
          new dysms.QuerySendDetailsRequest({
            phoneNumber: localNumber(phone),
            sendDate,
            pageSize: 50,
            currentPage: 1,
          }),
        )
        const rows = body?.smsSendDetailDTOs?.smsSendDetailDTO ?? []
        const found = rows.find(row => row.outId === context)
        if (found) return receiptOf(phone, context, found)
      }
      return undefined
    },
  }
}

/** `sendStatus`: 1 waiting for the receipt, 2 failed, 3 delivered. */
function receiptOf(
  phone: string,
  context: string,
  row: { sendStatus?: number; errCode?: string },
): SmsReceipt | 'pending' {
  if (row.sendStatus === 1) return 'pending'
  return { context, phone, isDelivered: row.sendStatus === 3, reason: row.errCode ?? '' }
}

/** Mainland numbers go without a country code, others with it but without a plus. */
function localNumber(phone: string): string {
  return phone.startsWith('+86') ? phone.slice(3) : phone.replace(/^\+/, '')
}

const aroundMs = 60_000

/** Aliyun counts days in Beijing time, by its own clock: around midnight it may be either day. */
function datesOf(at: Date): Set<string> {
  const dateOf = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
  return new Set([dateOf(at.getTime() - aroundMs), dateOf(at.getTime() + aroundMs)])
}

const config =
  /^(SignatureDoesNotMatch|InvalidAccessKeyId|isp\.RAM_PERMISSION_DENY|isv\.(SMS_TEMPLATE_ILLEGAL|SMS_SIGNATURE_ILLEGAL|AMOUNT_NOT_ENOUGH|OUT_OF_SERVICE|ACCOUNT))/
const number = /^isv\.(MOBILE_NUMBER_ILLEGAL|BUSINESS_LIMIT_CONTROL|DAY_LIMIT_CONTROL|BLACKLIST|MOBILE_)/
const busy = /^(isp\.SYSTEM_ERROR|Throttling|ServiceUnavailable)/

function refusal(code: string, message: string): SmsOutcome {
  if (busy.test(code)) return { kind: 'busy', code, message }
  return { kind: 'refused', code, message, isConfig: config.test(code), isNumber: number.test(code) }
}

function outcomeOf(error: { code?: string; message?: string }): SmsOutcome {
  const { code = '' } = error
  // The SDK's text contains the whole URL, including phone numbers and parameters.
  const message = (error.message ?? '').replace(/\bhttps?:\/\/\S+/gi, '…')
  // The SDK's `ConnectTimeout` is not among these, because it also covers requests that were sent but not answered.
  if (neverSent.test(`${code} ${message}`)) return { kind: 'busy', code, message }
  const isVendors =
    /^(is[vp]\.|SignatureDoesNotMatch|SignatureNonceUsed|InvalidAccessKeyId|Throttling|Invalid|Missing|Forbidden)/.test(
      code,
    )
  return isVendors ? refusal(code, message) : { kind: 'unsure', message: message || code }
}
