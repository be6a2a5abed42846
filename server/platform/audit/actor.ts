/**
 * The gates keep the caller's name and address beside the call stack, and `record` takes them when the actor is the caller.
 * Entries that are written in a batch bring their own. Names are stored with the entry, because names change and rows are
 * deleted.
 */

import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Who is behind the work under way: as the audit log names them, their name, and the network address they call from. `token` is the admin
 * token by which a program acts in their place.
 */
export type Actor = { actor: string; name: string; address: string; token?: string }

/**
 * Kept beside the call stack and not among the arguments, because no rule depends on it: it is only written down, and some
 * forty functions between the gates and the audit log would have to hand it on.
 */
const actors = new AsyncLocalStorage<Actor>()

export function actingAs<T>(actor: Actor, work: () => T): T {
  return actors.run(actor, work)
}

export function currentActor(): Actor | undefined {
  return actors.getStore()
}
