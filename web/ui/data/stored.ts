/** Small choices of one browser. Where storage is refused they hold until the page goes. */
export function readChoice<T extends string>(key: string, choices: readonly T[]): T | undefined {
  const value = readStored(key)
  return choices.find(choice => choice === value)
}

export function readStored(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

export function writeChoice(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // See above.
  }
}
