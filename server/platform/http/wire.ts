import type { Language, Words } from '../words.ts'

/*
 * Answers are assembled from ready pieces of JSON. A piece is a string whose characters are its UTF-8 bytes: such
 * strings take one byte per character in memory, are joined by copying, and are sent without being encoded again.
 * ASCII looks the same in both forms. See docs/decisions/answers-as-bytes.md.
 */

/** How a successful answer begins. */
export const success: Words = {
  zh: '{"retCode":"0","retMessage":"成功","body":',
  en: '{"retCode":"0","retMessage":"success","body":',
}
const wireSuccess: Words = { zh: toWire(success.zh), en: toWire(success.en) }

/** Wraps a body in the envelope; both are in wire form. */
export function envelope(wire: string, language: Language = 'zh'): string {
  return `${wireSuccess[language]}${wire}}`
}

/** Kept answers have the Chinese envelope; this replaces its beginning with the English one. */
export function inEnglish(kept: Buffer): Buffer {
  return Buffer.concat([Buffer.from(wireSuccess.en, 'latin1'), kept.subarray(wireSuccess.zh.length)])
}

export function toWire(json: string): string {
  return Buffer.from(json, 'utf8').toString('latin1')
}

export function wireBytes(wire: string): Buffer {
  return Buffer.from(wire, 'latin1')
}

export function parseWire(wire: string): unknown {
  return JSON.parse(wireBytes(wire).toString('utf8'))
}

/** Fields of an object in wire form, without its braces. */
export function fieldsOf(value: object): string {
  return toWire(JSON.stringify(value)).slice(1, -1)
}
