/** A part of an answer, of which it is not known what it has. */
export type Node = Readonly<Record<string, unknown>>

/** WeCom writes an object without content as a list, and leaves it out. */
export function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
}

/** The objects of a list; one alone may stand there without one. */
export function itemsOf(value: unknown): Node[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return list.filter((one): one is Node => typeof one === 'object' && one !== null && !Array.isArray(one))
}

/** A text, or a number as its text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
