import type { Words } from '../words.ts'

/** wisp cannot start here. The message says what prevents it and what to do, in both languages. */
export class StartError extends Error {
  readonly words: Words
  constructor(zh: string, en: string) {
    super(`${zh}\n${en}`)
    this.words = { zh, en }
  }
}
