import type { Core } from '../../../platform/core.ts'
import type { NewEvent } from '../../../platform/inbox/event-store.ts'
import type { Accepted, Inbox } from '../../../platform/inbox/inbox.ts'
import type { Push } from '../../../upstream/official/push.ts'
import type { Account } from '../accounts/accounts.ts'
import { type Answer, type Answers, inTime } from '../callback/answer.ts'
import type { Book } from './book.ts'
import { askForTimeOuts } from './flows/time-outs.ts'
import { type Incoming, incomingOf } from './match.ts'
import type { Replies } from './replies.ts'
import * as store from './store.ts'

type Needs = Core & { inbox: Inbox; replies: Replies }

/** What answers a push before any rule is asked; undefined leaves it to the rules. */
export type Before = (account: Account, push: Push) => Promise<Answer | undefined>

/** Answers pushes by the account's rules and flows. */
export function createAnswers(ctx: Needs, before: Before): Answers {
  return {
    async store(account, push, event, isLate) {
      const first = await before(account, push)
      if (first) return ctx.inbox.accept(withAnswer(event, first, isLate))
      const book = ctx.replies.of(account)
      const incoming = incomingOf(push)
      if (book.hasFlows && incoming.kind !== 'other')
        return storeInFlow(ctx, { book, account, openid: push.fromUserName, incoming, event, isLate })
      const { answer } = book.decide(incoming, undefined, new Date(ctx.now()))
      return ctx.inbox.accept(withAnswer(event, answer, isLate))
    },
  }
}

type Delivery = {
  book: Book
  account: Account
  openid: string
  incoming: Incoming
  event: NewEvent
  isLate: () => boolean
}

/**
 * A step is taken with the event that led to it: two nodes that get one message take it once, and two messages of a follower one
 * after the other.
 */
function storeInFlow(ctx: Needs, delivery: Delivery): Promise<Accepted> {
  const { book, account, openid, incoming, event, isLate } = delivery
  const follower = { corpId: account.corpId, originalId: account.originalId, openid }
  return ctx.db.transaction().execute(async tx => {
    await store.lockFollower(tx, follower)
    const before = await store.placeOf(tx, follower)
    const { answer, place, flow } = book.decide(incoming, before, new Date(ctx.now()))
    const accepted = await ctx.inbox.acceptIn(tx, withAnswer(event, answer, isLate))
    if (accepted.outcome !== 'stored' || place === undefined) return accepted
    if (place) await store.putPlace(tx, follower, place)
    else await store.deletePlace(tx, follower)
    // Last, since every step of the account's flows waits for this row of the queue.
    if (place && flow?.timeoutText) await askForTimeOuts(tx, account, place.expiresAt)
    return accepted
  })
}

function withAnswer(event: NewEvent, answer: Answer | undefined, isLate: () => boolean): NewEvent {
  return answer ? { ...event, answer: () => inTime(answer, isLate()) } : event
}
