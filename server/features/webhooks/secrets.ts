import { createHmac, randomBytes } from 'node:crypto'
import type { Core } from '../../platform/core.ts'
import { secretPurpose } from './sealed.ts'
import type { Webhook } from './webhook-store.ts'

/*
 * Standard Webhooks (standardwebhooks.com): a secret is `whsec_` and base64; what is signed is `id.timestamp.body`.
 */

const prefix = 'whsec_'
const secretBytes = 32

export function newSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64')
}

/** The secrets that sign now, the newest first. */
export function liveSecrets(
  { seal }: Pick<Core, 'seal'>,
  { secret, oldSecret, oldEndsAt }: Pick<Webhook, 'secret' | 'oldSecret' | 'oldEndsAt'>,
  now: number,
): string[] {
  const isOldLive = oldSecret !== null && oldEndsAt !== null && oldEndsAt.getTime() > now
  return [secret, ...(isOldLive ? [oldSecret] : [])].map(sealed => seal.open(sealed, secretPurpose))
}

/** The header `webhook-signature`: a signature for each secret. */
export function signatures(secrets: readonly string[], id: string, timestamp: number, body: Buffer): string {
  return secrets
    .map(secret => {
      const key = Buffer.from(secret.slice(prefix.length), 'base64')
      const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
      return `v1,${mac}`
    })
    .join(' ')
}
