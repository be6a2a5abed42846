import { timingSafeEqual } from 'node:crypto'
import type { Core } from '../../../../platform/core.ts'

type Signer = Pick<Core, 'seal'>

/** The header that comes back in most bounces. */
export const idHeader = 'X-Wisp-Id'
const signatureLength = 16
const localAtMost = 64

/**
 * What a mail is told by when it comes back: the key of its send, signed together with the address that it went to, so that nobody
 * stops another's address by a bounce they wrote. Other installations sign with other keys.
 */
export function bounceIdOf(ctx: Signer, corpId: string, key: string, address: string): string {
  return `${key}.${signatureOf(ctx, corpId, key, address)}`
}

function signatureOf({ seal }: Signer, corpId: string, key: string, address: string): string {
  const text = JSON.stringify([corpId, key, address.toLowerCase()])
  return seal.sign('mail.bounce', text).slice(0, signatureLength)
}

/** The key of the send; undefined unless this id was made here for a mail to this address. */
export function keyOfBounce(ctx: Signer, corpId: string, id: string, address: string): string | undefined {
  const at = id.lastIndexOf('.')
  const key = id.slice(0, Math.max(at, 0))
  const [given, good] = [id.slice(at + 1), signatureOf(ctx, corpId, key, address)].map(one =>
    Buffer.from(one),
  )
  return given!.length === good!.length && timingSafeEqual(given!, good!) ? key : undefined
}

/** `bounce+{id}@example.com` with the id in its place; undefined where a mail server would not take so long an address. */
export function returnPath(bounceAddress: string, id: string): string | undefined {
  const path = bounceAddress.replace('{id}', id)
  return path.lastIndexOf('@') <= localAtMost ? path : undefined
}

/** All ids that stand in a text, such as the headers of a bounce. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(/[\w-]{1,64}\.\d{1,9}\.[\w-]{16}(?![\w-])/g)].map(([id]) => id)
}
