/** Choices that a browser remembers. Without access to storage they last until the page is closed. */
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
    // Without access to storage the choice lasts until the page is closed.
  }
}

/** What one tab of the browser keeps until it is closed, also when it is reloaded. */
export function readKept(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

export function keep(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value)
  } catch {
    // Without access to storage it is gone after a reload.
  }
}
