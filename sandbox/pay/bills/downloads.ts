import { randomBytes } from 'node:crypto'

interface Download {
  mchId: string
  bytes: Buffer
  type: string
  /** In ms. */
  expiresAt: number
}

/** Bills that were asked for, until their addresses end. They do not outlive the process. */
export class Downloads {
  readonly #files = new Map<string, Download>()

  add(download: Download): string {
    const token = randomBytes(32).toString('base64url')
    this.#files.set(token, download)
    return token
  }

  get(token: string): Download | undefined {
    return this.#files.get(token)
  }

  /** Forgets those whose time is over. */
  clean(now: number): void {
    for (const [token, { expiresAt }] of this.#files) if (expiresAt < now) this.#files.delete(token)
  }
}
