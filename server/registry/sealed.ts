import { packetSealed } from '../callers/packets/sealed.ts'
import { signInSealed } from '../callers/sign-in/sealed.ts'
import { messageSealed } from '../features/messages/sealed.ts'
import { officialSealed } from '../features/official/accounts/sealed.ts'
import { paymentSealed } from '../features/payments/sealed.ts'
import { webhookSealed } from '../features/webhooks/sealed.ts'
import { corpSealed } from '../organisation/corps/sealed.ts'
import type { SealedColumn } from '../platform/security/sealed-columns.ts'
import { credentialSealed } from '../upstream/transport/credentials.ts'

/** Every sealed column of the database; a change of WISP_SECRET_KEY seals all of them again. */
export const sealedColumns: readonly SealedColumn[] = [
  ...corpSealed,
  ...credentialSealed,
  ...messageSealed,
  ...officialSealed,
  ...packetSealed,
  ...paymentSealed,
  ...signInSealed,
  ...webhookSealed,
]
