/** A value that has an end, such as a token, and that all calls use. */
export type SharedValue<T> = {
  /** However many ask, it is made once. */
  get(): Promise<T>
  /** Told of a value that wisp refused; the next `get` makes another. */
  forget(value: T): void
}

const marginSeconds = 60

/** Makes a value when it is first asked for, when the last one is about to end, and after a failure. */
export function createShared<T>(make: () => Promise<{ value: T; seconds: number }>): SharedValue<T> {
  let making: Promise<T> | undefined
  let held: { value: T; endsAtMs: number } | undefined

  async function makeAnew(): Promise<T> {
    try {
      const { value, seconds } = await make()
      const goodFor = Math.max(seconds - marginSeconds, seconds / 2)
      held = { value, endsAtMs: performance.now() + goodFor * 1000 }
      return value
    } catch (error) {
      making = undefined
      throw error
    }
  }
  function drop(): void {
    held = undefined
    making = undefined
  }
  return {
    get() {
      if (held && held.endsAtMs <= performance.now()) drop()
      making ??= makeAnew()
      return making
    },
    forget(value) {
      // Of several calls that failed with the same value, the first has it replaced.
      if (held?.value === value) drop()
    },
  }
}
