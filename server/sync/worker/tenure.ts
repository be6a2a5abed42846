import type { Core } from '../../core.ts'
import { describeError } from '../../operation/log.ts'
import type { Database } from '../../storage/database.ts'
import { type Lease, LeaseLost, leaseSeconds, releaseLease, renewLease, takeLease } from './lease.ts'

/** This node's time as the writer of a corp: a lease that is renewed while it is held. */
export type Tenure = {
  readonly lease: Lease | undefined
  /** Aborted when the present lease is lost. */
  readonly ended: AbortSignal
  /** Takes the lease when it is free. */
  take(): Promise<Lease | undefined>
  lose(): void
  release(): Promise<void>
}

export function createTenure(ctx: Core & { database: Database }, corpId: string): Tenure {
  let lease: Lease | undefined
  let end = new AbortController()

  function lose() {
    lease = undefined
    end.abort(new LeaseLost(corpId))
  }

  const renewing = setInterval(
    () => {
      if (!lease) return
      const held = lease
      renewLease(ctx, held)
        .then(isHeld => {
          if (!isHeld && lease === held) lose()
        })
        .catch(error => ctx.log.warn({ corpId, ...describeError(error) }, 'lease not renewed'))
    },
    (leaseSeconds * 1000) / 3,
  )

  return {
    get lease() {
      return lease
    },
    get ended() {
      return end.signal
    },
    async take() {
      const taken = await takeLease(ctx, corpId)
      if (taken) end = new AbortController()
      lease = taken
      return taken
    },
    lose,
    async release() {
      clearInterval(renewing)
      if (lease) await releaseLease(ctx, lease).catch(() => undefined)
      lease = undefined
    },
  }
}
