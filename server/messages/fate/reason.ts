import { type Language, storedWords, type Words, wordsIn, wordsToStore } from '../../http/words.ts'

/** Why something did not arrive, or what was answered: ours in both languages, or as a vendor said it. */
export type Reason = Words | string

/** A text made of this one, in both languages. */
export function reasonWith(reason: Reason, make: (text: string) => string): Reason {
  return typeof reason === 'string' ? make(reason) : { zh: make(reason.zh), en: make(reason.en) }
}

/** For a text column. Each language is cut by itself: half a JSON says nothing. */
export function keptReason(reason: Reason, atMost = Number.POSITIVE_INFINITY): string {
  return wordsToStore(reasonWith(reason, text => text.slice(0, atMost)))
}

/** What a text column keeps, for its reader. */
export function keptReasonIn(language: Language, kept: string): string {
  return wordsIn(language, storedWords(kept))
}

/** Of parts that somebody took back; kept in Chinese alone before there was English. */
export const recalled: Words = { zh: '已撤回', en: 'recalled' }
export const keptRecalled = [keptReason(recalled), recalled.zh]
