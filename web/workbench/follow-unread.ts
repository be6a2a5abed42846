import { api, CallError } from '../ui/data/api.ts'

const pauseMs = 500
const pauseAtMostMs = 30_000

/**
 * Calls `onCount` whenever the number of unread messages is another, until `over`. Of a browser's open pages one that is
 * visible waits for the server and tells the others: over HTTP/1.1 a browser has six connections to a host, and each waiting
 * page takes one. `owner` is the person. Without the Web Locks API, which browsers offer over https only, every visible
 * page waits.
 */
export function followUnread(
  owner: string,
  known: () => number,
  onCount: (unread: number) => void,
  over: AbortSignal,
): void {
  const name = `wisp.unread ${owner}`
  const others = new BroadcastChannel(name)
  others.onmessage = ({ data }) => {
    if (typeof data === 'number') onCount(data)
  }
  const tell = (unread: number) => {
    if (unread === known()) return
    onCount(unread)
    others.postMessage(unread)
  }
  let hidden = new AbortController()
  const turn = () => {
    hidden.abort()
    if (document.hidden || over.aborted) return
    hidden = new AbortController()
    const { signal } = hidden
    const wait = () => waitAgain(known, tell, signal)
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
  known: () => number,
  onAnswer: (unread: number) => void,
  over: AbortSignal,
): Promise<void> {
  for (let failures = 0; !over.aborted; ) {
    try {
      const { unread } = await api.get('/web/portal/unread', { known: known() }, over)
      onAnswer(unread)
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
