/** Reads values of a card that nobody has checked yet, such as one that was pasted, so that the drawing never fails. */

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

export function partOf<T extends object>(value: T | undefined): Partial<T> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

export function listOf<T extends object>(value: readonly T[] | undefined): Partial<T>[] {
  return Array.isArray(value) ? value.map(partOf) : []
}
