import { setTimeout as delay } from 'node:timers/promises'
import type { Administrator } from './administrator.ts'
import type { Child } from './children.ts'
import type { Demo } from './demo-file.ts'
import { tellStep, tellTour } from './sandbox-control.ts'

const lookEveryMs = 2000

/** Tells the tour of the steps that are done in the sample application. Everything else works without the tour. */
export function followSample(demo: Demo, sample: Child): void {
  sample.process.on('message', ({ step }: { step?: string }) => {
    if (step) tellStep(demo, step).catch(() => undefined)
  })
}

/**
 * Tells the tour of the administrator's sign-in and of another password. Resolves when both were told, or at the signal;
 * never rejects.
 */
export async function followAdministrator(
  about: { demo: Demo; sampleUrl: string; administrator: Administrator },
  signal: AbortSignal,
): Promise<void> {
  const { demo, sampleUrl, administrator } = about
  let hasSignedIn = false
  let isChanged = false
  while (!signal.aborted && !(hasSignedIn && isChanged)) {
    try {
      if (!hasSignedIn && (await administrator.hasSignedIn())) {
        await tellStep(demo, 'admin')
        hasSignedIn = true
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
