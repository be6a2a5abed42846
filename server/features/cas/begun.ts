import { randomBytes } from 'node:crypto'
import type { Core } from '../../platform/core.ts'
import { type AttemptLimit, countAttempt } from '../../platform/security/counters.ts'

const purpose = 'cas.begun'
const goodForMs = 15 * 60_000
const once: AttemptLimit = { purpose, atMost: 1, windowMs: goodForMs }

/**
 * When a sign-in began, in the address to which people come back after it. Who proved themselves after that did so for this sign-in,
 * and not for an earlier one.
 */
export function beginSignIn(ctx: Core, corpId: string): string {
  const said = `${ctx.now().toString(36)}.${randomBytes(9).toString('base64url')}`
  return `${said}.${ctx.seal.sign(purpose, `${corpId} ${said}`)}`
}

/** In milliseconds; undefined for what this did not make, or so long ago that it is a new sign-in. */
export function begunAt(ctx: Core, corpId: string, given: string | undefined): number | undefined {
  const [time = '', nonce = '', signature = ''] = given?.split('.') ?? []
  if (!ctx.seal.isSigned(purpose, `${corpId} ${time}.${nonce}`, signature)) return undefined
  const at = Number.parseInt(time, 36)
  return at > ctx.now() - goodForMs ? at : undefined
}

/** Whether it is the first time, on all nodes together: else the browser's history would be as good as a password. */
export async function isFirstUse(ctx: Core, corpId: string, given: string): Promise<boolean> {
  return !(await countAttempt(ctx, once, { corpId, of: given })).isOver
}
