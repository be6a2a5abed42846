/**
 * A step of a flow is taken in the transaction that stores the message which led to it, with the follower locked. Its end when
 * no answer came in time is written in the same way (time-outs.ts).
 */

import type { Core } from '../../../platform/core.ts'
import type { AcceptResult } from '../../../platform/inbox/inbox.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Book, Decision, Utterance } from '../book.ts'
import { mayGreet } from '../greetings.ts'
import type { IncomingEvent } from '../match.ts'
import type { OwnerKind } from '../owner.ts'
import * as store from '../store.ts'
import { askForTimeOuts } from './time-outs.ts'

/** Whose book answers, and to whom. */
export type RuleConversation<Content> = { kind: OwnerKind<Content>; book: Book<Content>; who: store.Person }

/**
 * A step is taken with the event that led to it, which `accept` stores with what is answered: two nodes that get one message take it
 * once, and two messages of a person one after the other. A welcome is said once in its time. `accept` answers undefined for what
 * it leaves to others.
 */
export function takeStep<Content, A extends AcceptResult | undefined>(
  ctx: Core,
  { kind, book, who }: RuleConversation<Content>,
  incoming: IncomingEvent,
  accept: (tx: Db, saying: Utterance<Content>) => Promise<A>,
): Promise<A> {
  return ctx.db.transaction().execute(async tx => {
    await store.lockPerson(tx, who)
    const before = await store.placeOf(tx, who)
    const now = new Date(ctx.now())
    const decision = await greeted(tx, who, incoming, book.decide(incoming, before, now), now)
    const { place, flow, rule } = decision
    const accepted = await accept(tx, decision)
    // What nobody took here may leave a flow all the same.
    if (accepted ? accepted.outcome !== 'stored' : place) return accepted
    if (accepted && incoming.kind === 'enter' && rule) await store.putGreeting(tx, who, now)
    if (place === undefined) return accepted
    if (place) await store.putPlace(tx, who, place)
    else await store.deletePlace(tx, who)
    // Last, since every step of the owner's flows waits for this row of the queue.
    if (place && flow?.timeoutText) await askForTimeOuts(tx, kind.stream, who, place.expiresAt)
    return accepted
  })
}

/** Somebody who was welcomed not long ago is told nothing, by the same rule. */
async function greeted<Content>(
  tx: Db,
  who: store.Person,
  incoming: IncomingEvent,
  decision: Decision<Content>,
  now: Date,
): Promise<Decision<Content>> {
  const { rule, by } = decision
  if (incoming.kind !== 'enter' || !rule || rule.again === 'always') return decision
  if (mayGreet(rule.again, await store.greetedAt(tx, who), now)) return decision
  return { contents: [], by, rule: undefined, flow: undefined }
}
