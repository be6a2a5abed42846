import { Agent } from 'node:https'
import { describeError } from '../../../platform/operation/log.ts'
import { OutboundLater, OutboundRefused, OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import { aliyunSms } from '../../../upstream/sms/aliyun.ts'
import { tencentSms } from '../../../upstream/sms/tencent.ts'
import type { SmsEndpoint, SmsVendor } from '../../../upstream/sms/vendor.ts'
import type { AddressNeeds, Outcome } from '../channel.ts'
import type { SmsSettings } from './settings.ts'

/** A vendor, or why its address cannot be used. */
export type VendorChoice = SmsVendor | Extract<Outcome, { kind: 'refused' | 'again' }>

const vendors = new Map<string, SmsVendor>()

/**
 * An address that somebody entered is checked before each use. It is spoken to over https, unless the installation's owner
 * named it and it does not begin with https:// itself.
 */
export async function vendorOf(ctx: AddressNeeds, corpId: string, sms: SmsSettings): Promise<VendorChoice> {
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
    if (error instanceof OutboundLater) return { kind: 'again', reason: error.words }
    if (error instanceof OutboundRefused && !(error instanceof OutboundUntold))
      return { kind: 'refused', reason: { code: 'smsNotAllowed', ...error.words }, isConfig: true }
    const cause = error instanceof OutboundUntold ? error.cause : error
    ctx.log.info({ host, ...describeError(cause) }, 'SMS address not found')
    return { kind: 'again', reason: { code: 'smsUnreachable' } }
  }
}

function kept(sms: SmsSettings, endpoint: SmsEndpoint | undefined): SmsVendor {
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
      if (outcome.kind === 'sent' || outcome.kind === 'refused') return outcome
      ctx.log.info({ host, error: outcome.message }, 'SMS address not reached')
      return { ...outcome, ...(outcome.kind === 'busy' ? { code: '' } : {}), message: '' }
    },
  }
}
