/**
 * The signal of a message's arrival is sent with the record that ended its part. What is not signalled is seen when the waiting
 * ends, after 45 s.
 */

import { CallError } from './api.ts'

const pauseMs = 500
const pauseAtMostMs = 30_000

/** Asks the server, which answers when the number is not `known` any more, or after a while. */
type NumberQuery = (known: number, over: AbortSignal) => Promise<number>

/**
 * Calls `onNumber` whenever the number is another, until `over`. Of a browser's open pages one that is visible waits for
 * the server and tells the others: over HTTP/1.1 a browser has six connections to a host, and each waiting page takes one.
 * `name` stands for the number in the whole browser. Without the Web Locks API, which browsers offer over https only, every
 * visible page waits.
 */
export function followNumber(
  name: string,
  ask: NumberQuery,
  known: () => number,
  onNumber: (number: number) => void,
  over: AbortSignal,
): void {
  const others = new BroadcastChannel(name)
  others.onmessage = ({ data }) => {
    if (typeof data === 'number') onNumber(data)
  }
  const tell = (number: number) => {
    if (number === known()) return
    onNumber(number)
    others.postMessage(number)
  }
  let hidden = new AbortController()
  const turn = () => {
    hidden.abort()
    if (document.hidden || over.aborted) return
    hidden = new AbortController()
    const { signal } = hidden
    const wait = () => waitAgain(ask, known, tell, signal)
    // The lock is asked for until the page is hidden, which ends the request with an error.
    if (navigator.locks) navigator.locks.request(name, { signal }, wait).catch(() => undefined)
    else void wait()
  }
  turn()
  document.addEventListener('visibilitychange', turn)
  over.addEventListener('abort', () => {
    document.removeEventListener('visibilitychange', turn)
    hidden.abort()
    others.close()
  })
}

/** Never rejects: a failure is followed by a longer pause. */
async function waitAgain(
  ask: NumberQuery,
  known: () => number,
  onAnswer: (number: number) => void,
  over: AbortSignal,
): Promise<void> {
  for (let failures = 0; !over.aborted; ) {
    try {
      onAnswer(await ask(known(), over))
      failures = 0
    } catch (error) {
      // A page that is being left, or was hidden.
      if (!(error instanceof CallError)) return
      failures++
    }
    await pause(Math.min(pauseMs * 2 ** failures, pauseAtMostMs) * (0.5 + Math.random()), over)
  }
}

function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      over.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    over.addEventListener('abort', end)
  })
}
