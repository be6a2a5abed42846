/**
 * Does each piece of work in a turn of the event loop that no other waiting piece has, in order. Pieces of a millisecond or more wait for it, so
 * that many at once leave everybody else their turns between them.
 */
export function createTurns(): (work: () => void) => void {
  const waiting: (() => void)[] = []
  let isOpen = false

  function runNext(): void {
    const work = waiting.shift()
    isOpen = waiting.length > 0
    if (isOpen) setImmediate(runNext)
    work?.()
  }

  return work => {
    waiting.push(work)
    if (isOpen) return
    isOpen = true
    setImmediate(runNext)
  }
}

const takeTurn = createTurns()

/** Resolves in a turn of the event loop that no other waiting piece of work has. */
export function ownTurn(): Promise<void> {
  return new Promise(takeTurn)
}
