import { createHash } from 'node:crypto'

/** Has the shape of WeCom's openids, 28 characters. It contains the slot, so no index is needed to find the member. */
export function openidOf(corpId: string, slot: number): string {
  const hash = createHash('sha256').update(`${corpId} ${slot}`).digest('base64url')
  return `o${hash.slice(0, 21)}${String(slot.toString(36)).padStart(6, '0')}`
}

/** The slot that this openid of the corp stands for. */
export function slotOfOpenid(corpId: string, openid: string): number | undefined {
  const slot = Number.parseInt(openid.slice(-6), 36)
  return Number.isNaN(slot) || openidOf(corpId, slot) !== openid ? undefined : slot
}
