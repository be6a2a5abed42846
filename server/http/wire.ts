/*
 * Answers are assembled from ready pieces of JSON. A piece is a string whose characters are its UTF-8 bytes: such
 * strings take one byte per character in memory, are joined by copying, and are sent without being encoded again.
 * ASCII looks the same in both forms. See docs/decisions/answers-as-bytes.md.
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
