import { isHan, normaliseText } from './record.ts'

export type Query = {
  /** The normalised text, for userId, name, alias and mobile. */
  text: Uint8Array
  codePoints: number[]
  /** For pinyin: letters and Chinese characters in order, without spaces; empty when the query cannot be pinyin. */
  elements: number[]
  /** Whether `elements` also holds Chinese characters. */
  isMixed: boolean
  withMobile: boolean
}

/** Returns undefined for a query without anything to search for. */
export function prepareQuery(raw: string, withMobile: boolean): Query | undefined {
  const text = normaliseText(raw).trim()
  if (text === '') return undefined
  const codePoints = Array.from(text, c => c.codePointAt(0)!)
  const elements = Array.from(text.replace(/[\s'’]+/g, '').replaceAll('ü', 'v'), c => c.codePointAt(0)!)
  const letters = elements.filter(isLetter).length
  const han = elements.filter(isHan).length
  const isPinyin = letters > 0 && letters + han === elements.length
  return {
    text: Buffer.from(text),
    codePoints,
    elements: isPinyin ? elements : [],
    isMixed: isPinyin && han > 0,
    withMobile,
  }
}

export function isLetter(codePoint: number): boolean {
  return codePoint >= 97 && codePoint <= 122
}
