/** Wakes whoever waits. A ring that comes before anybody waits is not lost. */
export type Bell = {
  ring(): void
  /** Forgets rings until now: to be called before looking for what they tell of. */
  reset(): void
  /** Resolves at a ring, or after `ms`. */
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
