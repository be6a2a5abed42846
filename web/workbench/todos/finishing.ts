import { useCallback, useSyncExternalStore } from 'react'
import { api } from '../../ui/data/api.ts'

/** So long a to-do that somebody finished can be taken back before the server hears of it. */
export const undoMs = 5000

type FinishState = { state: 'waiting' | 'sent' } | { state: 'failed'; error: unknown }

/** By to-do, outside of React: a list that is drawn again, filtered or closed neither forgets nor hurries what was pressed. */
const all = new Map<number, FinishState>()
const timers = new Map<number, { timer: ReturnType<typeof setTimeout>; sendNow(): void }>()
const listeners = new Set<() => void>()

function put(id: number, finishing: FinishState | undefined): void {
  if (finishing) all.set(id, finishing)
  else all.delete(id)
  for (const listener of listeners) listener()
}

async function send(id: number, changed: () => Promise<unknown>): Promise<void> {
  timers.delete(id)
  put(id, { state: 'sent' })
  try {
    await api.postAsLeaving('/web/todos/finish', { id })
    // Until the list has it too, so that the buttons do not come back for a moment.
    await changed()
    put(id, undefined)
  } catch (error) {
    put(id, { state: 'failed', error })
  }
}

/** Finishes the to-do in five seconds, or when the page is left before. `changed` is called once the server has it, and resolves when lists show it. */
export function finishSoon(id: number, changed: () => Promise<unknown>): void {
  if (timers.has(id)) return
  const sendNow = () => {
    clearTimeout(timers.get(id)?.timer)
    void send(id, changed)
  }
  timers.set(id, { timer: setTimeout(sendNow, undoMs), sendNow })
  put(id, { state: 'waiting' })
}

/** Takes it back; nothing happens when it was sent already. */
export function undoFinish(id: number): void {
  const waiting = timers.get(id)
  if (!waiting) return
  clearTimeout(waiting.timer)
  timers.delete(id)
  put(id, undefined)
}

function sendAll(): void {
  for (const { sendNow } of [...timers.values()]) sendNow()
}

// A phone tells of an app that is put away by this alone.
addEventListener('pagehide', sendAll)
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') sendAll()
})

/** Undefined while nobody has finished it here. */
export function useFinishing(id: number): FinishState | undefined {
  const read = useCallback(() => all.get(id), [id])
  return useSyncExternalStore(subscribe, read)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
