/** Ends a wait early. A ring is remembered, so one that comes before the wait begins is not lost. */
export type Bell = {
  ring(): void
  /** Forgets earlier rings. Call it before looking for work, so that a ring during the look still counts. */
  reset(): void
  /** Resolves at the next ring or after `ms`, whichever comes first. */
  wait(ms: number): Promise<void>
}

export function createBell(): Bell {
  let hasRung = false
  let wake = () => {}
  return {
    ring() {
      hasRung = true
      wake()
    },
    reset() {
      hasRung = false
    },
    async wait(ms) {
      if (hasRung) return
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
  }
}
