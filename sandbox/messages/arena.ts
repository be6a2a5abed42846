import { Column } from './column.ts'

const chunkBytes = 1024 * 1024

/** Texts kept as UTF-8 outside the heap: a hundred thousand messages cost their bytes, not a hundred thousand objects. */
export class Arena {
  #chunks: Buffer[] = []
  #openChunk = -1
  #used = chunkBytes
  #chunkOf = new Column()
  #startOf = new Column()
  #lengthOf = new Column()

  get size(): number {
    return this.#chunkOf.size
  }

  add(text: string): void {
    const length = Buffer.byteLength(text)
    if (length > chunkBytes / 4) this.#place(Buffer.from(text), 0, length)
    else {
      if (this.#used + length > chunkBytes) this.#open()
      const chunk = this.#chunks[this.#openChunk]!
      chunk.write(text, this.#used)
      this.#locate(this.#openChunk, this.#used, length)
      this.#used += length
    }
  }

  /** The text at this index, without a copy. */
  at(index: number): Buffer {
    const start = this.#startOf.at(index)!
    return this.#chunks[this.#chunkOf.at(index)!]!.subarray(start, start + this.#lengthOf.at(index)!)
  }

  #open(): void {
    this.#openChunk = this.#chunks.push(Buffer.allocUnsafeSlow(chunkBytes)) - 1
    this.#used = 0
  }

  #place(own: Buffer, start: number, length: number): void {
    this.#locate(this.#chunks.push(own) - 1, start, length)
  }

  #locate(chunk: number, start: number, length: number): void {
    this.#chunkOf.push(chunk)
    this.#startOf.push(start)
    this.#lengthOf.push(length)
  }
}
