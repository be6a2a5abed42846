/** wisp cannot start here. The message says what prevents it and what to do, in both languages. */
export class StartError extends Error {
  constructor(zh: string, en: string) {
    super(`${zh}\n${en}`)
  }
}
