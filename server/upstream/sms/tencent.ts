import { createRequire } from 'node:module'
import { neverSent, type SmsEndpoint, type SmsOutcome, type SmsReceipt, type SmsVendor } from './vendor.ts'

export type TencentSettings = {
  secretId: string
  secretKey: string
  sdkAppId: string
  region: string
}

const timeoutSeconds = 15
// The package is CommonJS, and loaded for the first SMS.
const require = createRequire(import.meta.url)

const pullAtMost = 100
const findWithinSeconds = 86_400

/** Tencent Cloud SMS 2021-01-11 through its official SDK (docs/upstream/sms.md#tencent-cloud). */
export function tencentSms(settings: TencentSettings, endpoint?: SmsEndpoint): SmsVendor {
  const tencentcloud = require('tencentcloud-sdk-nodejs-sms') as typeof import('tencentcloud-sdk-nodejs-sms')
  const client = new tencentcloud.sms.v20210111.Client({
    credential: { secretId: settings.secretId, secretKey: settings.secretKey },
    region: settings.region,
    profile: {
      httpProfile: {
        reqTimeout: timeoutSeconds,
        ...(endpoint ? { endpoint: endpoint.host, protocol: `${endpoint.protocol}://` } : {}),
        ...(endpoint?.agent ? { agent: endpoint.agent } : {}),
      },
    },
  })
  const { sdkAppId } = settings
  return {
    async send({ phones, signName, templateId, params, context }) {
      try {
        const answer = await client.SendSms({
          PhoneNumberSet: phones,
          SmsSdkAppId: sdkAppId,
          TemplateId: templateId,
          SignName: signName,
          TemplateParamSet: params.map(one => one.value),
          SessionContext: context,
        })
        const rows = answer.SendStatusSet ?? []
        const failed = rows.filter(row => row.Code !== 'Ok')
        const code = failed[0]?.Code ?? ''
        // Tencent reports a wrong signature or template once for each number.
        if (failed.length === rows.length && failed.every(row => row.Code === code) && concernsAll.test(code))
          return refusal(code, failed[0]?.Message ?? '')
        const refused = failed.map(row => ({
          phone: row.PhoneNumber ?? '',
          code: row.Code ?? '',
          message: row.Message ?? '',
          isNumber: number.test(row.Code ?? ''),
        }))
        return {
          kind: 'sent',
          serial: rows.find(row => row.SerialNo)?.SerialNo ?? answer.RequestId ?? '',
          refused,
        }
      } catch (error) {
        return outcomeOf(error as { code?: string; message?: string })
      }
    },
    async find(phone, context, sentAt) {
      const begin = Math.floor(sentAt.getTime() / 1000) - 60
      const answer = await client.PullSmsSendStatusByPhoneNumber({
        BeginTime: begin,
        EndTime: begin + findWithinSeconds,
        Offset: 0,
        Limit: pullAtMost,
        PhoneNumber: phone,
        SmsSdkAppId: sdkAppId,
      })
      const found = (answer.PullSmsSendStatusSet ?? []).find(row => row.SessionContext === context)
      return found && receiptOf(found)
    },
    async pullReceipts() {
      const answer = await client.PullSmsSendStatus({ Limit: pullAtMost, SmsSdkAppId: sdkAppId })
      return (answer.PullSmsSendStatusSet ?? []).map(receiptOf)
    },
  }
}

type Row = { SessionContext?: string; PhoneNumber?: string; ReportStatus?: string; Description?: string }

function receiptOf(row: Row): SmsReceipt {
  return {
    context: row.SessionContext ?? '',
    phone: row.PhoneNumber ?? '',
    isDelivered: row.ReportStatus === 'SUCCESS',
    reason: row.Description ?? '',
  }
}

const config =
  /^(AuthFailure|UnauthorizedOperation)|SdkAppIdNotExist|SignatureIncorrect|TemplateIncorrect|InsufficientBalance/
const busy = /^(RequestLimitExceeded|InternalError|LimitExceeded\.AppDailyLimit|FailedOperation\.OtherError$)/
const number = /PhoneNumber|LimitExceeded\.DeliveryFrequencyLimit/
const concernsAll = new RegExp(`${config.source}|${busy.source}`)

/** The SDK's errors carry the vendor's code; an error without one means that no answer came. */
function outcomeOf(error: { code?: string; message?: string }): SmsOutcome {
  const { code = '', message = '' } = error
  if (neverSent.test(`${code} ${message}`)) return { kind: 'busy', code, message }
  if (!/^[A-Z][A-Za-z]+(\.[A-Za-z]+)*$/.test(code) || /^[A-Z_]+$/.test(code))
    return { kind: 'unsure', message: message || code }
  return refusal(code, message)
}

function refusal(code: string, message: string): SmsOutcome {
  if (busy.test(code)) return { kind: 'busy', code, message }
  return { kind: 'refused', code, message, isConfig: config.test(code), isNumber: false }
}
