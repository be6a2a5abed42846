import { createRequire } from 'node:module'
import {
  isMainland,
  localNumber,
  neverSent,
  notReached,
  outcomeOfCode,
  type SmsAccount,
  type SmsEndpoint,
  type SmsOutcome,
  type SmsReceipt,
  type SmsRequest,
  type SmsVendor,
} from './vendor.ts'

export type AliyunSettings = {
  accessKeyId: string
  accessKeySecret: string
  /** How SMS abroad are sent: `globe` gives the whole text to SendMessageToGlobe instead of a template. */
  abroad?: 'template' | 'globe'
  /** The sender that they show. */
  sender?: string
}

const timeoutMs = 15_000
const pageSize = 50
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
  const isGlobe = (phone = '') => settings.abroad === 'globe' && !isMainland(phone)
  return {
    // SendMessageToGlobe takes no OutId, and QuerySendDetails knows nothing of what it sent.
    keepsRecordOf: phone => !isGlobe(phone),
    async send(request) {
      if (isGlobe(request.phones[0])) return sendToGlobe(client, request, settings.sender)
      const { phones, signName, templateId, params, context } = request
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
        return outcomeOfCode('aliyun', body?.code ?? '', body?.message ?? '')
      } catch (error) {
        return outcomeOf(error as { code?: string; message?: string })
      }
    },
    async find(phone, context, sentAt) {
      for (const sendDate of datesOf(sentAt))
        for (let currentPage = 1; ; currentPage++) {
          const { body } = await client.querySendDetails(
            new dysms.QuerySendDetailsRequest({
              phoneNumber: localNumber(phone),
              sendDate,
              pageSize,
              currentPage,
            }),
          )
          if (body?.code !== 'OK') throw new Error(`${body?.code} ${body?.message}`)
          const rows = body.smsSendDetailDTOs?.smsSendDetailDTO ?? []
          const found = rows.find(row => row.outId === context)
          if (found) return receiptOf(phone, context, found)
          if (rows.length < pageSize) break
        }
      return undefined
    },
    async account(signName): Promise<SmsAccount> {
      const { body } = await client.querySmsSign(new dysms.QuerySmsSignRequest({ signName }))
      if (body?.code === 'isv.SMS_SIGNATURE_ILLEGAL') return { sign: 'missing' }
      if (body?.code !== 'OK') throw new Error(`${body?.code} ${body?.message}`)
      const sign = ({ 0: 'waiting', 1: 'approved' } as const)[body.signStatus ?? -1] ?? 'refused'
      return { sign }
    },
  }
}

type Client = InstanceType<typeof import('@alicloud/dysmsapi20170525')['default']>

/** SMS abroad by their whole text, one number a call (docs/upstream/sms.md#international-numbers). */
async function sendToGlobe(
  client: Client,
  { phones, text }: SmsRequest,
  sender: string | undefined,
): Promise<SmsOutcome> {
  const [phone = ''] = phones
  if (phones.length > 1) return { kind: 'tooMany', size: 1 }
  const { $OpenApiUtil } = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core')
  try {
    const { body } = (await client.callApi(
      new $OpenApiUtil.Params({
        action: 'SendMessageToGlobe',
        version: '2018-05-01',
        protocol: 'HTTPS',
        pathname: '/',
        method: 'POST',
        authType: 'AK',
        style: 'RPC',
        reqBodyType: 'formData',
        bodyType: 'json',
      }),
      new $OpenApiUtil.OpenApiRequest({
        query: { To: localNumber(phone), Message: text, ...(sender ? { From: sender } : {}) },
      }),
      {} as Parameters<Client['callApi']>[2],
    )) as { body?: { ResponseCode?: string; ResponseDescription?: string; MessageId?: string } }
    if (body?.ResponseCode === 'OK') return { kind: 'sent', serial: body.MessageId ?? '', refused: [] }
    return outcomeOfCode('aliyun', body?.ResponseCode ?? '', body?.ResponseDescription ?? '')
  } catch (error) {
    return outcomeOf(error as { code?: string; message?: string })
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

/** As far as its clock may be from ours, before it refuses our signatures. */
const aroundMs = 15 * 60_000

/** Aliyun counts days in Beijing time, by its own clock: around midnight it may be either day. */
function datesOf(at: Date): Set<string> {
  const dateOf = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
  return new Set([dateOf(at.getTime() - aroundMs), dateOf(at.getTime() + aroundMs)])
}

function outcomeOf(error: { code?: string; message?: string }): SmsOutcome {
  const { code = '' } = error
  // The SDK's text contains the whole URL, including phone numbers and parameters.
  const message = (error.message ?? '').replace(/\bhttps?:\/\/\S+/gi, '…')
  // The SDK's `ConnectTimeout` is not among these, because it also covers requests that were sent but not answered.
  if (neverSent.test(`${code} ${message}`)) return notReached(code, message)
  const isVendors =
    /^(is[vp]\.|SignatureDoesNotMatch|SignatureNonceUsed|InvalidAccessKeyId|Throttling|Invalid|Missing|Forbidden)/.test(
      code,
    )
  return isVendors ? outcomeOfCode('aliyun', code, message) : { kind: 'unsure', message: message || code }
}
