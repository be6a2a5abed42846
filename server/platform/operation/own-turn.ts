const waiting: (() => void)[] = []
let isOpen = false

/**
 * Resolves in a turn of the event loop that no other waiting piece of work has, in order. Pieces of a millisecond or more wait for
 * it, so that many at once leave everybody else their turns between them.
 */
export function ownTurn(): Promise<void> {
  return new Promise(resolve => {
    waiting.push(resolve)
    if (isOpen) return
    isOpen = true
    setImmediate(runNext)
  })
}

function runNext(): void {
  const work = waiting.shift()
  isOpen = waiting.length > 0
  if (isOpen) setImmediate(runNext)
  work?.()
}
