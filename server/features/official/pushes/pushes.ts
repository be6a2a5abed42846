import { pushesOfKind } from '../../../platform/inbox/pushes.ts'
import type { Account } from '../accounts/accounts.ts'

/**
 * In a replay nothing is answered or sent again, because what features make of a push is kept under the push's id, or sets a
 * state that what has happened since goes before.
 */
export const accountPushes = pushesOfKind({
  stream: 'official',
  act: 'official.replay',
  person: 'openid',
  personIn: entity => entity.split(':').slice(2).join(':'),
  keyOf: ({ corpId, originalId }: Account) => ({ corpId, account: originalId }),
})
