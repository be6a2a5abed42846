import type { NewEvent } from '../../inbox/event-store.ts'
import type { Accepted, Inbox } from '../../inbox/inbox.ts'
import type { Push } from '../../upstream/official/push.ts'
import type { PassiveReply } from '../../upstream/official/reply.ts'
import type { Account } from '../accounts/accounts.ts'

/**
 * What is answered to a push, as it is stored with it. `passive` goes back with the answer to WeChat, `later` as
 * customer-service messages, as far as the follower's window allows. `by` says which rule it was, for people.
 */
export type Answer = { passive: PassiveReply | null; later: PassiveReply[]; by: string | null }

/** Decides and stores, in one transaction, what a push is answered. */
export type Answers = {
  /** `isLate` tells, at the moment of writing, whether WeChat would still take a passive reply. */
  store(account: Account, push: Push, event: NewEvent, isLate: () => boolean): Promise<Accepted>
}

export function createAnswers(ctx: { inbox: Inbox }): Answers {
  return {
    store: (_account, _push, event) => ctx.inbox.accept(event),
  }
}

/** Too late for a passive reply, everything goes as customer-service messages. */
export function inTime(answer: Answer, isLate: boolean): Answer {
  if (!isLate || !answer.passive) return answer
  return { ...answer, passive: null, later: [answer.passive, ...answer.later] }
}
