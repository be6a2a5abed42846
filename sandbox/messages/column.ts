const blockSize = 65_536

/** Numbers by index, in blocks: an array of a million that grows is copied, and everything waits meanwhile. */
export class Column {
  #blocks: Float64Array[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  push(value: number): void {
    const at = this.#size++ % blockSize
    if (at === 0) this.#blocks.push(new Float64Array(blockSize))
    this.#blocks.at(-1)![at] = value
  }

  at(index: number): number | undefined {
    return index < this.#size ? this.#blocks[Math.floor(index / blockSize)]?.[index % blockSize] : undefined
  }
}
