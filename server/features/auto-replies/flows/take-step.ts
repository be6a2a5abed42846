import type { Core } from '../../../platform/core.ts'
import type { Accepted } from '../../../platform/inbox/inbox.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Book, Saying } from '../book.ts'
import type { Incoming } from '../match.ts'
import type { OwnerKind } from '../owner.ts'
import * as store from '../store.ts'
import { askForTimeOuts } from './time-outs.ts'

/** Whose book answers, and to whom. */
export type Talk<Content> = { kind: OwnerKind<Content>; book: Book<Content>; who: store.Person }

/**
 * A step is taken with the event that led to it, which `accept` stores with what is answered: two nodes that get one message take it
 * once, and two messages of a person one after the other.
 */
export function takeStep<Content>(
  ctx: Core,
  { kind, book, who }: Talk<Content>,
  incoming: Incoming,
  accept: (tx: Db, saying: Saying<Content>) => Promise<Accepted>,
): Promise<Accepted> {
  return ctx.db.transaction().execute(async tx => {
    await store.lockPerson(tx, who)
    const before = await store.placeOf(tx, who)
    const decision = book.decide(incoming, before, new Date(ctx.now()))
    const { place, flow } = decision
    const accepted = await accept(tx, decision)
    if (accepted.outcome !== 'stored' || place === undefined) return accepted
    if (place) await store.putPlace(tx, who, place)
    else await store.deletePlace(tx, who)
    // Last, since every step of the owner's flows waits for this row of the queue.
    if (place && flow?.timeoutText) await askForTimeOuts(tx, kind.stream, who, place.expiresAt)
    return accepted
  })
}
