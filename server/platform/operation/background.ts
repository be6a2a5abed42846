import { AsyncLocalStorage } from 'node:async_hooks'

/** `late`: somebody waits for it, though for nothing that was just asked. */
type Precedence = 'first' | 'late' | 'background'

const precedence = new AsyncLocalStorage<Precedence>()

/** Runs work that nobody waits for: its calls let those go first that somebody does. */
export function inBackground<T>(work: () => T): T {
  return precedence.run('background', work)
}

/** Runs work that has waited already: its calls let those go first that somebody has just asked for. */
export function behindOthers<T>(work: () => T): T {
  return precedence.run('late', work)
}

/** A question inside of such work that is asked in any case. */
export function inForeground<T>(work: () => T): T {
  return precedence.run('first', work)
}

export function isBackground(): boolean {
  return precedence.getStore() === 'background'
}

/** Whether calls let others go first. */
export function letsOthersFirst(): boolean {
  return (precedence.getStore() ?? 'first') !== 'first'
}
