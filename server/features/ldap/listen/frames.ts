import { BerError, headerOf, tags } from '../protocol/ber.ts'

/** Bytes of one message; what promises more is cut off before it is kept. */
export const frameBytes = 64 * 1024

/** Each takes more memory than its bytes. */
const chunksAtMost = 64

/** Cuts what arrives into messages, by their lengths. */
export class Frames {
  #chunks: Buffer[] = []
  #bytes = 0
  /** Before so many bytes are there, nothing is whole: what trickles in is not copied again for each byte. */
  #needed = 0

  /** Whether a message has begun and not ended. */
  get isOpen(): boolean {
    return this.#bytes > 0
  }

  /** The messages that are whole now. Throws BerError for what is none, or too long. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes < this.#needed) {
      if (this.#chunks.length > chunksAtMost) this.#chunks = [Buffer.concat(this.#chunks)]
      return []
    }
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const whole: Buffer[] = []
    this.#needed = 0
    while (rest.length > 0) {
      if (rest[0] !== tags.sequence) throw new BerError('a message begins with a sequence')
      const header = headerOf(rest)
      if (!header) break
      const size = header.size + header.length
      if (size > frameBytes) throw new BerError(`a message has more than ${frameBytes} bytes`)
      if (rest.length < size) {
        this.#needed = size
        break
      }
      whole.push(rest.subarray(0, size))
      rest = rest.subarray(size)
    }
    // A whole chunk would stay in memory for the few bytes at its end.
    if (whole.length > 0 && rest.length > 0) rest = Buffer.from(rest)
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#bytes = rest.length
    return whole
  }
}
