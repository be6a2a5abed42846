import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Tables } from '../../server/platform/storage/tables.ts'
import type { Administrator } from './administrator.ts'
import type { Child } from './children.ts'
import type { Demo } from './demo-file.ts'
import { tellStep, tellTour } from './sandbox-control.ts'
import { hasActed, hasPaid } from './visitor-acts.ts'

const lookEveryMs = 2000

/** Tells the tour of the steps that are done in the sample application. Everything else works without the tour. */
export function followSample(demo: Demo, sample: Child): void {
  sample.process.on('message', ({ step }: { step?: string }) => {
    if (step) tellStep(demo, step).catch(() => undefined)
  })
}

/** The tour's visitor has to sign in to both applications, and be signed out of both. */
export function followSignIns(demo: Demo, samples: Child): void {
  const seen = new Set<string>()
  samples.process.on('message', ({ step }: { step?: string }) => {
    if (!step) return
    seen.add(step)
    const done = [
      ...(seen.has('oidc') && seen.has('cas') ? ['sso'] : []),
      ...(seen.has('oidc-out') && seen.has('cas-out') ? ['sso-out'] : []),
    ]
    for (const one of done) tellStep(demo, one).catch(() => undefined)
  })
}

/**
 * Tells the tour of what its visitor does in wisp, and of another password of the administrator. Resolves when all was told, or at the
 * signal; never rejects.
 */
export async function followVisitor(
  about: { db: Kysely<Tables>; demo: Demo; sampleUrl: string; administrator: Administrator },
  signal: AbortSignal,
): Promise<void> {
  const { db, demo, sampleUrl, administrator } = about
  const steps = new Map([
    ['admin', () => administrator.hasSignedIn()],
    ['pay', () => hasPaid(db, demo)],
    ['developer', () => hasActed(db, 'zhangsan', 'developer.rotate')],
  ])
  let isChanged = false
  while (!signal.aborted && (steps.size > 0 || !isChanged)) {
    try {
      for (const [step, isDone] of steps) {
        if (!(await isDone())) continue
        await tellStep(demo, step)
        steps.delete(step)
      }
      if (!isChanged && (await administrator.password()) === undefined) {
        await tellTour(demo, sampleUrl, undefined)
        isChanged = true
      }
    } catch {
      // The database or the sandbox is away, and looked at again.
    }
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}
