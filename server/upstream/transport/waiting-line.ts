/** So many in a row go first. */
const firstInRow = 3

/**
 * Who waits for a place. What somebody has just asked for goes first, but for every fourth place while others wait too, so that nothing
 * waits for ever (`operation/background.ts`).
 */
export class WaitingLine<T> {
  private readonly first = new Set<T>()
  private readonly behind = new Set<T>()
  private inRow = 0

  get size(): number {
    return this.first.size + this.behind.size
  }

  add(one: T, isBehind: boolean): void {
    const side = isBehind ? this.behind : this.first
    side.add(one)
  }

  /** Returns false for one that was taken. */
  delete(one: T): boolean {
    return this.first.delete(one) || this.behind.delete(one)
  }

  /** Takes the next one out; undefined when nobody waits. */
  take(): T | undefined {
    const isFirst = this.first.size > 0 && (this.behind.size === 0 || this.inRow < firstInRow)
    this.inRow = isFirst && this.behind.size > 0 ? this.inRow + 1 : 0
    const [next] = isFirst ? this.first : this.behind
    if (next !== undefined) this.delete(next)
    return next
  }
}
