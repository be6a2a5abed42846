import { AsyncLocalStorage } from 'node:async_hooks'

const behind = new AsyncLocalStorage<true>()

/** Runs work that nobody waits for: its calls let those go first that somebody does. */
export function inBackground<T>(work: () => T): T {
  return behind.run(true, work)
}

export function isBackground(): boolean {
  return behind.getStore() === true
}
