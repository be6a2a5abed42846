import { Agent } from 'node:https'
import { describeError } from '../../../platform/operation/log.ts'
import {
  OutboundGarbled,
  OutboundLater,
  OutboundRefused,
  OutboundUntold,
} from '../../../platform/security/outbound-policy.ts'
import { aliyunSms } from '../../../upstream/sms/aliyun.ts'
import { type GatewayCall, gatewaySms } from '../../../upstream/sms/gateway.ts'
import { huaweiSms } from '../../../upstream/sms/huawei.ts'
import { tencentSms } from '../../../upstream/sms/tencent.ts'
import {
  neverSent,
  notReached,
  type SmsEndpoint,
  type SmsOutcome,
  type SmsVendor,
} from '../../../upstream/sms/vendor.ts'
import type { AddressNeeds, Outcome } from '../channel.ts'
import { innerAnswer } from './reasons.ts'
import { receiptUrlOf } from './receipt-address.ts'
import { type SmsSettings, wayOf } from './settings.ts'

/** A vendor, or why its address cannot be used. */
export type VendorChoice = SmsVendor | Extract<Outcome, { kind: 'refused' | 'again' }>

type OfSdk = Extract<SmsSettings, { vendor: 'tencent' | 'aliyun' }>

const vendors = new Map<string, SmsVendor>()

/**
 * An address that somebody entered is checked before each use. Where one of an SDK's is entered, it is spoken to over https, unless
 * the installation's owner named it and it does not begin with https:// itself.
 */
export async function vendorOf(ctx: AddressNeeds, corpId: string, sms: SmsSettings): Promise<VendorChoice> {
  if (sms.vendor === 'http') return withCalls(ctx, corpId, call => gatewaySms(sms, call, () => ctx.now()))
  if (sms.vendor === 'huawei') return huaweiOf(ctx, corpId, sms)
  if (!sms.endpoint) return kept(sms, undefined)
  const [, scheme, host = ''] = /^(https:\/\/)?(.+)$/.exec(sms.endpoint) ?? []
  try {
    const { isNamed, isInner } = await ctx.outbound.place(host.replace(/:\d+$/, ''), {
      slot: 'servers',
      of: corpId,
    })
    if (isNamed && !scheme) return kept(sms, { host, protocol: 'http' })
    // Aliyun's SDK takes no agent, so a name could lead it elsewhere after the check. What it would meet there has no
    // certificate for that name, and gets nothing.
    const agent = new Agent({ lookup: ctx.outbound.lookup })
    const vendor = kept(sms, { host, protocol: 'https', agent })
    return isInner ? silent(ctx, vendor, host) : vendor
  } catch (error) {
    if (error instanceof OutboundLater) return { kind: 'again', reason: error.words, isNext: true }
    if (error instanceof OutboundRefused && !(error instanceof OutboundUntold))
      return {
        kind: 'refused',
        reason: { code: 'smsNotAllowed', ...error.words },
        isConfig: true,
        isNext: true,
      }
    const cause = error instanceof OutboundUntold ? error.cause : error
    ctx.log.info({ host, ...describeError(cause) }, 'SMS address not found')
    return { kind: 'again', reason: { code: 'smsUnreachable' }, isNext: true }
  }
}

function kept(sms: OfSdk, endpoint: SmsEndpoint | undefined): SmsVendor {
  const key = JSON.stringify([sms, endpoint?.protocol])
  return vendors.getOrInsertComputed(key, () =>
    sms.vendor === 'tencent' ? tencentSms(sms, endpoint) : aliyunSms(sms, endpoint),
  )
}

/** In our own network it is told in the log alone what became of a connection (outbound-policy.ts). */
function silent(ctx: AddressNeeds, vendor: SmsVendor, host: string): SmsVendor {
  return {
    ...vendor,
    async send(request) {
      const outcome = await vendor.send(request)
      if (outcome.kind !== 'unsure' && !(outcome.kind === 'refused' && neverSent.test(outcome.message)))
        return outcome
      ctx.log.info({ host, error: outcome.message }, 'SMS address not reached')
      return { ...outcome, ...(outcome.kind === 'refused' ? { code: '' } : {}), message: '' }
    },
  }
}

function huaweiOf(
  ctx: AddressNeeds,
  corpId: string,
  sms: Extract<SmsSettings, { vendor: 'huawei' }>,
): SmsVendor {
  return withCalls(ctx, corpId, call =>
    huaweiSms({
      settings: sms,
      async post(path, headers, body) {
        const url = `${sms.address.replace(/\/+$/, '')}${path}`
        const answer = await call({ url, method: 'POST', headers, body })
        return { status: answer.status, text: answer.body.toString() }
      },
      callback: sms.receiptsFrom ? receiptUrlOf(ctx, corpId, wayOf(sms)) : undefined,
      now: () => ctx.now(),
    }),
  )
}

/** A vendor without an SDK. What a host in our own network answers is told in no words of its own (outbound-policy.ts). */
function withCalls(ctx: AddressNeeds, corpId: string, make: (call: GatewayCall) => SmsVendor): SmsVendor {
  return {
    async send(request) {
      let isInner = false
      const call = callsOf(ctx, corpId, () => {
        isInner = true
      })
      const outcome = await make(call).send(request)
      return isInner ? untold(outcome) : outcome
    },
  }
}

function untold(outcome: SmsOutcome): SmsOutcome {
  switch (outcome.kind) {
    case 'sent':
      return {
        ...outcome,
        serial: '',
        refused: outcome.refused.map(one => ({ ...one, code: innerAnswer, message: '' })),
      }
    case 'refused':
      return { ...outcome, code: innerAnswer, message: '' }
    case 'unsure':
      return { ...outcome, message: innerAnswer }
    default:
      return outcome
  }
}

const timeoutMs = 15_000
const answerBytes = 16_384

/** A failed call of the policy's own client; `outcome` is what it says of the SMS. */
class CallFailed extends Error {
  readonly outcome: SmsOutcome
  constructor(outcome: SmsOutcome) {
    super('message' in outcome ? outcome.message : outcome.kind)
    this.outcome = outcome
  }
}

/** Calls under the policy for outgoing calls, of vendors without an SDK. Throws CallFailed. */
function callsOf(ctx: AddressNeeds, corpId: string, onInner: () => void): GatewayCall {
  return async ({ url, method, headers, body }) => {
    const asker = { slot: 'servers', of: corpId } as const
    const errand = { asker, timeoutMs, headers, body, answerBytes, method }
    try {
      return await ctx.outbound.post(url, errand, ({ status, body: answer, isInner }) => {
        if (isInner) onInner()
        return { status, body: answer }
      })
    } catch (error) {
      throw new CallFailed(outcomeOfFailure(ctx, url, error))
    }
  }
}

/** What became of a host in our own network is told in the log alone. */
function outcomeOfFailure(ctx: AddressNeeds, url: string, error: unknown): SmsOutcome {
  const isUntold = error instanceof OutboundUntold
  const cause = isUntold ? error.cause : error
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string }
  const host = URL.parse(url)?.host
  ctx.log.info({ host, ...describeError(cause) }, 'SMS gateway not reached')
  if (error instanceof OutboundLater) return notReached('', error.words.zh)
  if (error instanceof OutboundRefused && !isUntold && !(error instanceof OutboundGarbled))
    return { ...notReached('', error.words.zh), mend: 'settings' } as SmsOutcome
  const isBefore = neverSent.test(`${code} ${message}`) || code === 'UND_ERR_CONNECT_TIMEOUT'
  const said = isUntold ? '' : `${code} ${message}`.trim()
  return isBefore ? notReached('', said) : { kind: 'unsure', message: said }
}

/** What a call makes of an SMS, also where it failed. Whatever else goes wrong may have come after the SMS had left. */
export async function outcomeOf(
  ctx: Pick<AddressNeeds, 'log'>,
  vendor: SmsVendor,
  request: Parameters<SmsVendor['send']>[0],
): Promise<SmsOutcome> {
  try {
    return withTidyIds(await vendor.send(request))
  } catch (error) {
    if (error instanceof CallFailed) return error.outcome
    ctx.log.error(describeError(error), 'answer of an SMS vendor not understood')
    return { kind: 'unsure', message: '' }
  }
}

const idAtMost = 200
/** PostgreSQL takes no text with \0 or with half a character, and one record that it refuses keeps others from being written. */
const tidyId = (id: string) => id.replaceAll(/[^\x20-\x7e]/g, '').slice(0, idAtMost)

function withTidyIds(outcome: SmsOutcome): SmsOutcome {
  if (outcome.kind !== 'sent') return outcome
  const { serial, serials } = outcome
  return {
    ...outcome,
    serial: tidyId(serial),
    ...(serials
      ? { serials: serials.map(one => ({ phone: tidyId(one.phone), serial: tidyId(one.serial) })) }
      : {}),
  }
}
