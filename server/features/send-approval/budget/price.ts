import type { SendApproval } from '../catalog.ts'

/** What one SMS costs a corp, in fen; 0: not known. */
export function smsPriceOf({ sendApproval }: { sendApproval: SendApproval }, corpId: string): number {
  return sendApproval.of(corpId).smsPrice
}
