/** What a transaction rests on was changed by somebody else before it began: nothing was written, and it is prepared anew. */
export class Again extends Error {}

/** Repeats `work` for as long as others come in between. */
export async function untilSettled<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Again)) throw error
    }
  }
}
