import { AsyncLocalStorage } from 'node:async_hooks'

const behind = new AsyncLocalStorage<boolean>()

/** Runs work that nobody waits for: its calls let those go first that somebody does. */
export function inBackground<T>(work: () => T): T {
  return behind.run(true, work)
}

/** A question inside of such work that is asked in any case. */
export function inForeground<T>(work: () => T): T {
  return behind.run(false, work)
}

export function isBackground(): boolean {
  return behind.getStore() === true
}
