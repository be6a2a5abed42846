import type { Core } from '../../../../platform/core.ts'
import type { SealedColumn } from '../../../../platform/security/sealed-columns.ts'
import { domainOf } from '../settings.ts'
import type { MailKey } from './key-store.ts'

export const keyPurpose = 'mail_key.private_key'

export const mailKeySealed: SealedColumn = {
  table: 'mail_key',
  key: ['corp_id', 'selector'],
  column: 'private_key',
  purpose: keyPurpose,
}

/** What nodemailer signs with: the key in use, if it is for the sender's domain. */
export function signingOf(ctx: Core, from: string, keys: readonly MailKey[] = []) {
  const domain = domainOf(from)
  const key = keys.find(one => one.usedSince !== undefined && one.domain === domain)
  return (
    key && {
      domainName: domain,
      keySelector: key.selector,
      privateKey: ctx.seal.open(key.sealed, keyPurpose),
    }
  )
}
