import { BerError, headerOf, tags } from '../protocol/ber.ts'

/** Bytes of one message; what promises more is cut off before it is kept. */
export const frameBytes = 64 * 1024

/** Cuts what arrives into messages, by their lengths. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0)

  /** Whether a message has begun and not ended. */
  get isOpen(): boolean {
    return this.#rest.length > 0
  }

  /** The messages that are whole now. Throws BerError for what is none, or too long. */
  push(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole: Buffer[] = []
    while (this.#rest.length > 0) {
      if (this.#rest[0] !== tags.sequence) throw new BerError('a message begins with a sequence')
      const header = headerOf(this.#rest)
      if (!header) break
      const size = header.size + header.length
      if (size > frameBytes) throw new BerError(`a message has more than ${frameBytes} bytes`)
      if (this.#rest.length < size) break
      whole.push(this.#rest.subarray(0, size))
      this.#rest = this.#rest.subarray(size)
    }
    // A whole chunk would stay in memory for the few bytes at its end.
    if (whole.length > 0 && this.#rest.length > 0) this.#rest = Buffer.from(this.#rest)
    return whole
  }
}
