/** Work that nobody waits for, of which a node has so much at most, and which it ends before it stops. */
export type UnderWay = {
  isFull(): boolean
  /** `work` does not reject. */
  begin(work: Promise<void>): void
  settled(): Promise<void>
}

export function createUnderWay(atMost: number): UnderWay {
  const working = new Set<Promise<void>>()
  return {
    isFull: () => working.size >= atMost,
    begin(work) {
      const ending = work.finally(() => working.delete(ending))
      working.add(ending)
    },
    async settled() {
      await Promise.all(working)
    },
  }
}
