import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../../http/words.ts'

/**
 * Why something did not arrive, or what upstream answered: in both languages when the text is ours, as a plain string
 * when it is a vendor's.
 */
export type Reason = Words | string

/** Applies `make` to the text in each language. */
export function reasonWith(reason: Reason, make: (text: string) => string): Reason {
  return typeof reason === 'string' ? make(reason) : { zh: make(reason.zh), en: make(reason.en) }
}

/** The form for a text column. Each language is cut separately, because cut JSON could not be read back. */
export function keptReason(reason: Reason, atMost = Number.POSITIVE_INFINITY): string {
  return wordsToStore(reasonWith(reason, text => text.slice(0, atMost)))
}

/** Reads the form stored in a text column in the reader's language. */
export function keptReasonIn(language: Language, kept: string): string {
  return wordsIn(language, storedWords(kept))
}

/** The reason of recalled parts. Rows from before English was added hold the Chinese text alone. */
export const recalled: Words = { zh: '已撤回', en: 'recalled' }
export const keptRecalled = [keptReason(recalled), recalled.zh]
