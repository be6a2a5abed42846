import type { Core } from '../../../platform/core.ts'

type Needs = Pick<Core, 'publicUrl' | 'seal'>

const purpose = 'sms.receipts'

/** The last part of the address at which a vendor pushes a corp's receipts: nobody who was not given it can guess it. */
export function receiptToken({ seal }: Pick<Core, 'seal'>, corpId: string, way: string): string {
  return seal.sign(purpose, JSON.stringify([corpId, way])).slice(0, 43)
}

export const receiptPath = '/push/sms/:corpId/:way/:token'

export function receiptUrlOf(ctx: Needs, corpId: string, way: string): string {
  const parts = [corpId, way, receiptToken(ctx, corpId, way)].map(encodeURIComponent)
  return `${ctx.publicUrl()}/push/sms/${parts.join('/')}`
}
