import { packetSealed } from '../callers/packets/sealed.ts'
import { messageSealed } from '../features/messages/sealed.ts'
import { paymentSealed } from '../features/payments/sealed.ts'
import { officialSealed } from '../official/accounts/sealed.ts'
import { corpSealed } from '../organisation/corps/sealed.ts'
import { peopleSealed } from '../organisation/people/sealed.ts'
import { credentialSealed } from '../platform/security/credentials.ts'
import type { SealedColumn } from '../platform/security/sealed-columns.ts'
import { webhookSealed } from '../webhooks/sealed.ts'

/** Every sealed column of the database; a change of WISP_SECRET_KEY seals all of them again. */
export const sealedColumns: readonly SealedColumn[] = [
  ...corpSealed,
  ...credentialSealed,
  ...messageSealed,
  ...officialSealed,
  ...packetSealed,
  ...paymentSealed,
  ...peopleSealed,
  ...webhookSealed,
]
