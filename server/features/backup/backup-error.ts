import type { Words } from '../../platform/words.ts'

/** An error that an administrator can understand and fix. */
export class BackupError extends Error {
  readonly words: Words
  /** Of an address in our own network: neither words nor times may tell what became of the call. */
  readonly isUntold: boolean
  constructor(zh: string, en: string, options: { isUntold?: boolean } = {}) {
    super(zh)
    this.words = { zh, en }
    this.isUntold = options.isUntold ?? false
  }
}
