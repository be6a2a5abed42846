import { randomBytes } from 'node:crypto'
import type { Upload } from '../http/multipart.ts'

export const mediaTypes = ['image', 'voice', 'video', 'file'] as const
export type MediaType = (typeof mediaTypes)[number]
export type Media = Upload & { type: MediaType; createdAt: number }

const lifeMs = 3 * 86_400_000
const bytesAtMost = 256 * 1024 * 1024

/**
 * Temporary media of the corp, which all of its secrets share for three days (docs/upstream/wecom-messages.md#media). They do not
 * outlive the process, and beyond 256 MB the oldest go.
 */
export class MediaStore {
  readonly #media = new Map<string, Media>()
  readonly #now: () => number
  #bytes = 0

  constructor(now: () => number) {
    this.#now = now
  }

  add(type: MediaType, upload: Upload): { id: string; createdAt: number } {
    const id = randomBytes(48).toString('base64url')
    const createdAt = this.#now()
    this.#media.set(id, { ...upload, type, createdAt })
    this.#bytes += upload.bytes.length
    for (const [oldest, { createdAt }] of this.#media) {
      if (this.#bytes <= bytesAtMost && this.#now() - createdAt <= lifeMs) break
      this.#delete(oldest)
    }
    return { id, createdAt }
  }

  get(id: string): Media | undefined {
    const media = this.#media.get(id)
    return media && this.#now() - media.createdAt <= lifeMs ? media : undefined
  }

  clear(): void {
    this.#media.clear()
    this.#bytes = 0
  }

  #delete(id: string): void {
    this.#bytes -= this.#media.get(id)?.bytes.length ?? 0
    this.#media.delete(id)
  }
}
