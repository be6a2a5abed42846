/*
 * Answers are put together from ready pieces of JSON. A piece is kept as its UTF-8 bytes, one per character: such strings
 * take one byte a character in memory, are joined by copying, and leave as bytes without being encoded again. ASCII is
 * the same in both forms.
 */

export function toWire(json: string): string {
  return Buffer.from(json, 'utf8').toString('latin1')
}

export function wireBytes(wire: string): Buffer {
  return Buffer.from(wire, 'latin1')
}

export function parseWire(wire: string): unknown {
  return JSON.parse(wireBytes(wire).toString('utf8'))
}
