import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import { isOpen } from '../../../organisation/corps/suspension/check-open.ts'
import type { Core } from '../../../platform/core.ts'
import type { NewEvent } from '../../../platform/inbox/event-store.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import type { Push } from '../../../upstream/official/push.ts'
import { takeStep } from '../../auto-replies/flows/take-step.ts'
import type { Account } from '../accounts/accounts.ts'
import { type Answers, inTime, type PushReply } from '../callback/answer.ts'
import { accountKind, ownerOf, type Replies } from './account-rules.ts'
import { answerOf } from './content.ts'
import { incomingOf } from './incoming.ts'

type Needs = Core & { corps: Corps; inbox: Inbox; replies: Replies }

/** What answers a push before any rule is asked; undefined leaves it to the rules. */
export type EarlyAnswerer = (account: Account, push: Push) => Promise<PushReply | undefined>

/** Answers pushes by the account's rules and flows. */
export function createAnswers(ctx: Needs, before: EarlyAnswerer): Answers {
  return {
    async store(account, push, event, isLate) {
      // Nobody is answered while the corp has official accounts switched off, or is suspended.
      if (!isOn(ctx, account.corpId, 'official') || !isOpen(ctx, account.corpId))
        return ctx.inbox.accept(event)
      const first = await before(account, push)
      if (first) return ctx.inbox.accept(withAnswer(event, first, isLate))
      const owner = ownerOf(account)
      const book = ctx.replies.of(owner)
      const incoming = incomingOf(push)
      if (book.hasFlows && incoming.kind !== 'other') {
        const talk = { kind: accountKind, book, who: { ...owner, person: push.fromUserName } }
        return takeStep(ctx, talk, incoming, (tx, saying) =>
          ctx.inbox.acceptIn(tx, withAnswer(event, answerOf(saying), isLate)),
        )
      }
      const saying = book.decide(incoming, undefined, new Date(ctx.now()))
      return ctx.inbox.accept(withAnswer(event, answerOf(saying), isLate))
    },
  }
}

function withAnswer(event: NewEvent, answer: PushReply | undefined, isLate: () => boolean): NewEvent {
  return answer ? { ...event, answer: () => inTime(answer, isLate()) } : event
}
