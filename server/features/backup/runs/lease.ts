import { leaseSeconds } from './run-store.ts'

/** What is held was taken by others, because this node was silent for too long. */
export class LeaseGone extends Error {}

/**
 * Does work that others would take over if this node fell silent. The signal aborts when it is lost, or when `stopping` does.
 */
export async function underLease<T>(
  renew: () => Promise<boolean>,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController()
  const renewing = setInterval(
    () => {
      renew().then(
        isMine => {
          if (!isMine) lost.abort(new LeaseGone('another node has taken it'))
        },
        // The database may be back before the lease has ended.
        () => undefined,
      )
    },
    (leaseSeconds * 1000) / 4,
  )
  try {
    return await work(AbortSignal.any([lost.signal, stopping]))
  } finally {
    clearInterval(renewing)
  }
}
