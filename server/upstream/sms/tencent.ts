import { createRequire } from 'node:module'
import { verdictOf } from './classes.ts'
import {
  isMainland,
  neverSent,
  notReached,
  outcomeOfCode,
  type SmsAccount,
  type SmsEndpoint,
  type SmsOutcome,
  type SmsReceipt,
  type SmsVendor,
} from './vendor.ts'

export type TencentSettings = {
  secretId: string
  secretKey: string
  sdkAppId: string
  region: string
  /** What SMS abroad show as their sender. */
  sender?: string
}

const timeoutSeconds = 15
// The package is CommonJS, and loaded for the first SMS.
const require = createRequire(import.meta.url)

const pullAtMost = 100
const findWithinSeconds = 86_400
/** Twice as far as Tencent's clock may be from ours, before it refuses our signatures. */
const skewSeconds = 600
const packagesAtMost = 50

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
          ...(isMainland(phones[0] ?? '') ? { SignName: signName } : {}),
          ...(!isMainland(phones[0] ?? '') && settings.sender ? { SenderId: settings.sender } : {}),
          TemplateParamSet: params.map(one => one.value),
          SessionContext: context,
        })
        const rows = answer.SendStatusSet ?? []
        const failed = rows.filter(row => row.Code !== 'Ok')
        const code = failed[0]?.Code ?? ''
        // Tencent reports a wrong signature or template once for each number.
        const isOfAll = failed.length === rows.length && failed.every(row => row.Code === code)
        if (isOfAll && !verdictOf('tencent', code).isNumber && verdictOf('tencent', code).class !== 'person')
          return outcomeOfCode('tencent', code, failed[0]?.Message ?? '')
        const refused = failed.map(row => ({
          phone: row.PhoneNumber ?? '',
          code: row.Code ?? '',
          message: row.Message ?? '',
          ...verdictOf('tencent', row.Code ?? ''),
        }))
        return {
          kind: 'sent',
          serial: rows.find(row => row.SerialNo)?.SerialNo ?? answer.RequestId ?? '',
          refused,
          serials: rows.flatMap(row =>
            row.SerialNo ? { phone: row.PhoneNumber ?? '', serial: row.SerialNo } : [],
          ),
        }
      } catch (error) {
        return outcomeOf(error as { code?: string; message?: string })
      }
    },
    async find(phone, context, sentAt) {
      const begin = Math.floor(sentAt.getTime() / 1000) - skewSeconds
      for (let Offset = 0; ; Offset += pullAtMost) {
        const answer = await client.PullSmsSendStatusByPhoneNumber({
          BeginTime: begin,
          EndTime: begin + findWithinSeconds,
          Offset,
          Limit: pullAtMost,
          PhoneNumber: phone,
          SmsSdkAppId: sdkAppId,
        })
        const rows = answer.PullSmsSendStatusSet ?? []
        const found = rows.find(row => row.SessionContext === context)
        if (found || rows.length < pullAtMost) return found && receiptOf(found)
      }
    },
    async pullReceipts() {
      const answer = await client.PullSmsSendStatus({ Limit: pullAtMost, SmsSdkAppId: sdkAppId })
      return (answer.PullSmsSendStatusSet ?? []).map(receiptOf)
    },
    account: () => accountOf(client, sdkAppId),
  }
}

type Client = InstanceType<typeof import('tencentcloud-sdk-nodejs-sms')['sms']['v20210111']['Client']>

/** What is left of all packages. */
async function accountOf(client: Client, sdkAppId: string): Promise<SmsAccount> {
  const { SmsPackagesStatisticsSet = [] } = await client.SmsPackagesStatistics({
    SmsSdkAppId: sdkAppId,
    Limit: packagesAtMost,
    Offset: 0,
    BeginTime: '2015010100',
    EndTime: '2099010100',
  })
  const left = SmsPackagesStatisticsSet.reduce(
    (sum, { PackageAmount = 0, CurrentUsage = 0 }) => sum + PackageAmount - CurrentUsage,
    0,
  )
  return { balance: `${left} 条` }
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

/** The SDK's errors carry the vendor's code; an error without one means that no answer came. */
function outcomeOf(error: { code?: string; message?: string }): SmsOutcome {
  const { code = '', message = '' } = error
  if (neverSent.test(`${code} ${message}`)) return notReached(code, message)
  if (!/^[A-Z][A-Za-z]+(\.[A-Za-z]+)*$/.test(code) || /^[A-Z_]+$/.test(code))
    return { kind: 'unsure', message: message || code }
  return outcomeOfCode('tencent', code, message)
}
