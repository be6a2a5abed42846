import { noteEarlier } from '../../../callers/consents/ledger.ts'
import type { Core } from '../../../platform/core.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { holdLease } from '../../../platform/queue/queue-store.ts'
import { consentsAfter } from '../consent-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'consents-so-far': true
  }
}

const atOnce = 1000

/** Puts the consents from before the ledger into it, once per corp: migration 0177 asks for it. A run that was cut off begins again. */
export function handleEarlierConsents(ctx: Core & { queue: Queue }): void {
  ctx.queue.handle({
    name: 'consents-so-far',
    atOnce: 1,
    isBackground: true,
    async work({ corpId, lease, signal }) {
      let after = { appId: '', memberId: 0 }
      while (!signal.aborted) {
        const page = await consentsAfter(ctx.db, corpId, after, atOnce)
        const earlier = page.map(
          ({ memberId, appId: subject, name, claims, agreedAt: givenAt, withdrawnAt }) => {
            return { memberId, subject, name, claims, givenAt, withdrawnAt }
          },
        )
        await ctx.db.transaction().execute(async tx => {
          await noteEarlier(tx, corpId, earlier)
          await holdLease(tx, lease)
        })
        const last = page.at(-1)
        if (!last || page.length < atOnce) return undefined
        after = last
      }
      return undefined
    },
  })
}
