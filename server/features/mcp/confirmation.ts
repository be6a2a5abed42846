import { randomBytes } from 'node:crypto'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'

type Arguments = Readonly<Record<string, unknown>>

const purpose = 'mcp.confirmation'
export const confirmWithinMinutes = 10

/**
 * The requestId that a preview hands out: when it ends, a nonce, and a signature over both, the developer and the arguments. Every
 * node can check it, nothing is stored, and the message call knows by it what was sent already.
 */
export function confirmationFor({ seal, now }: Core, devId: string, message: Arguments): string {
  const endsAt = Math.floor(now() / 1000) + confirmWithinMinutes * 60
  const stamp = `${endsAt.toString(36)}.${randomBytes(6).toString('base64url')}`
  return `${stamp}.${seal.sign(purpose, signedText(stamp, devId, message))}`
}

/** Whether it has ended. Throws 1000 for one that no preview of these arguments gave to this developer. */
export function checkConfirmation(
  { seal, now }: Core,
  devId: string,
  message: Arguments,
): { hasEnded: boolean } {
  const [, stamp = '', endsAt = '', signature = ''] =
    /^(([0-9a-z]{1,9})\.[\w-]{8})\.([\w-]{43})$/.exec(String(message['requestId'])) ?? []
  if (!seal.isSigned(purpose, signedText(stamp, devId, message), signature))
    throw new ApiError('badParameter', {
      zh: 'requestId 不是以这些参数预览得到的：请先不带 confirm 以同样的参数调用一次，再带上应答中的 requestId，其他参数一字不改',
      en: 'this requestId is of no preview of these arguments: call with the same arguments without confirm first, then again with the requestId of the answer, all others unchanged',
    })
  return { hasEnded: now() >= Number.parseInt(endsAt, 36) * 1000 }
}

export function confirmationEnded(): ApiError {
  return new ApiError('badParameter', {
    zh: `预览已超过 ${confirmWithinMinutes} 分钟，什么都没有发送：请重新预览，经用户确认后再发送`,
    en: `the preview is more than ${confirmWithinMinutes} minutes old, and nothing was sent: preview again, and send when the user has agreed`,
  })
}

/** Inputs that are null or empty are missing for the call, and the order of keys means nothing in JSON. */
function signedText(stamp: string, devId: string, message: Arguments): string {
  const { requestId: _, ...others } = message
  const given = Object.entries(others).filter(([, value]) => value !== null && value !== '')
  return JSON.stringify([stamp, devId, inOrder(Object.fromEntries(given))])
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, inside]) => [key, inOrder(inside)])
}
