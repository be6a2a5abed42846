import type { Channel, Setups } from '../../channels/channel.ts'
import { channels } from '../../channels/channels.ts'
import type { SendApproval } from '../catalog.ts'

/** What one SMS costs a corp by a vendor, or else by the one that comes first, in fen, of which there may be parts; 0: not known. */
export function smsPriceOf(
  { sendApproval, messageSettings }: { sendApproval: SendApproval; messageSettings: Setups },
  corpId: string,
  way?: string,
): number {
  const { smsPrice } = sendApproval.of(corpId)
  const { priceOf }: Channel = channels.sms
  return priceOf?.(messageSettings.setupOf(corpId, 'sms'), way, smsPrice) ?? smsPrice
}
