import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { endWith } from './outcome.ts'
import * as store from './verification-store.ts'
import { verifyWithGrants } from './verify-all.ts'

type Needs = Core & { offered: FeatureOffers }

/** Does what was asked for on the page, one after another; that of a node that died is begun again by another one. */
export async function workOnVerifications(ctx: Needs): Promise<void> {
  while (!ctx.stopping.aborted) {
    const taken = await store.takeVerification(ctx.db)
    if (!taken) return
    await work(ctx, taken)
  }
}

async function work(ctx: Needs, { id, tree }: { id: number; tree: string }): Promise<void> {
  const renewing = setInterval(
    () => store.renewLease(ctx.db, id).catch(() => undefined),
    (store.leaseSeconds * 1000) / 3,
  )
  try {
    const { checked, size, findings } = await verifyWithGrants(ctx, tree, {
      signal: ctx.stopping,
      onProgress: (done, of) => store.noteProgress(ctx.db, id, done, of),
    })
    await endWith(ctx, { id, tree, checked, size, findings })
  } catch (error) {
    if (ctx.stopping.aborted) return
    ctx.log.error({ tree, ...describeError(error) }, 'audit not verified')
    const problem = error instanceof Error ? error.message : String(error)
    await store.endVerification(ctx.db, {
      id,
      endedAt: new Date(ctx.now()),
      checked: 0,
      size: 0,
      findings: null,
      problem,
    })
  } finally {
    clearInterval(renewing)
  }
}
