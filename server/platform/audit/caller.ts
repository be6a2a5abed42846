import { AsyncLocalStorage } from 'node:async_hooks'

/** Who is behind the work under way: the actor of the audit log, their name, and the network address they call from. */
export type Caller = { actor: string; name: string; address: string }

/**
 * Kept beside the call stack and not among the arguments, because no rule depends on it: it is only written down, and some
 * forty functions between the gates and the audit log would have to hand it on.
 */
const callers = new AsyncLocalStorage<Caller>()

export function calledBy<T>(caller: Caller, work: () => T): T {
  return callers.run(caller, work)
}

export function currentCaller(): Caller | undefined {
  return callers.getStore()
}
