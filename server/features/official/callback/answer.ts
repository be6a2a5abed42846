import type { NewEvent } from '../../../platform/inbox/event-store.ts'
import type { AcceptResult } from '../../../platform/inbox/inbox.ts'
import type { Push } from '../../../upstream/official/push.ts'
import type { PassiveReply } from '../../../upstream/official/reply.ts'
import type { Account } from '../accounts/accounts.ts'

/**
 * What is answered to a push, as it is stored with it. `passive` goes back with the answer to WeChat, `later` as
 * customer-service messages, as far as the follower's window allows. `by` says which rule it was, for people. `person`: the
 * conversation needs somebody in 会话.
 */
export type PushReply = {
  passive: PassiveReply | null
  later: PassiveReply[]
  by: string | null
  person?: true
}

/** Decides and stores, in one transaction, what a push is answered. */
export type Answers = {
  /** `isLate` tells, at the moment of writing, whether WeChat would still take a passive reply. */
  store(account: Account, push: Push, event: NewEvent, isLate: () => boolean): Promise<AcceptResult>
}

/**
 * Too late for a passive reply, everything goes as customer-service messages. A conversation can be handed to WeChat's own
 * customer service passively only, and so it falls to a person in 会话.
 */
export function inTime(answer: PushReply, isLate: boolean): PushReply {
  const { passive, later } = answer
  if (!isLate || !passive) return answer
  if (passive.type === 'transfer') return { ...answer, passive: null, person: true }
  return { ...answer, passive: null, later: [passive, ...later] }
}
