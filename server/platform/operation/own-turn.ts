/** A piece that took so many ms is followed by as long a rest, in which all others go on: much of what they do takes several turns. */
const restsFromMs = 4
const restAtMostMs = 50

/**
 * Does each piece of work in a turn of the event loop that no other waiting piece has, in order. The pieces of different `of`, such as
 * networks, take their turns alternately, so that whoever brings many does not keep the others waiting. Pieces of a millisecond or more wait for it, so
 * that many at once leave everybody else their turns between them.
 */
export function createTurns(): (work: () => void, of?: string) => void {
  const waiting = new Map<string, (() => void)[]>()
  let isOpen = false

  function runNext(): void {
    const [next] = waiting
    if (!next) {
      isOpen = false
      return
    }
    const [of, pieces] = next
    const work = pieces.shift()!
    waiting.delete(of)
    if (pieces.length > 0) waiting.set(of, pieces)
    const began = performance.now()
    work()
    // Behind the work itself, which goes on where a promise was waited for.
    queueMicrotask(() => {
      const ms = performance.now() - began
      if (ms < restsFromMs) setImmediate(runNext)
      else setTimeout(runNext, Math.min(ms, restAtMostMs))
    })
  }

  return (work, of = '') => {
    waiting.getOrInsertComputed(of, () => []).push(work)
    if (isOpen) return
    isOpen = true
    setImmediate(runNext)
  }
}

const takeTurn = createTurns()

/** Resolves in a turn of the event loop that no other waiting piece of work has. */
export function ownTurn(): Promise<void> {
  return new Promise(resolve => takeTurn(resolve))
}
