import { urlAtMost } from '../message-fields.ts'

/**
 * Limits of WeCom in bytes, `btntxt` in characters (docs/upstream/wecom-messages.md#types-and-their-limits); `wholeText` is ours.
 */
export const limits = {
  text: 2048,
  title: 128,
  description: 512,
  url: urlAtMost,
  btntxt: 4,
  wholeText: 20_480,
}

const utf8 = new TextEncoder()
const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' })

export function byteLength(text: string): number {
  return utf8.encode(text).length
}

/** Splits a text into what people see as single characters, so that combined emoji stay whole. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), one => one.segment)
}

/** The longest beginning of at most `bytes` bytes that ends between characters. */
export function cutBytes(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text
  let size = 0
  let kept = ''
  for (const one of graphemes(text)) {
    size += byteLength(one)
    if (size > bytes) break
    kept += one
  }
  return kept
}
