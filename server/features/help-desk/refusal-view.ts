import { type Static, Type } from 'typebox'
import { placeOf, tellingOf } from '../../callers/refusals/refusal-words.ts'
import type { Refusal } from '../../callers/refusals/store.ts'
import { adviceOn, reasonIn, wayIn } from '../../callers/sign-in-log/sign-in-words.ts'
import type { StoredSignIn } from '../../callers/sign-in-log/store.ts'
import { type Language, storedWords, wordsIn } from '../../platform/words.ts'

/** What somebody was refused, in words. */
export const refusalSchema = Type.Object({
  number: Type.String(),
  at: Type.String(),
  place: Type.String(),
  what: Type.String(),
  /** What the page said; '' when it said no more than that. */
  detail: Type.String(),
  /** What to do about it. */
  advice: Type.String(),
  address: Type.String(),
  userAgent: Type.String(),
})
export type RefusalView = Static<typeof refusalSchema>

export function refusalView(refusal: Refusal, language: Language): RefusalView {
  const { what, advice } = tellingOf(refusal)
  const { number, at, address, userAgent } = refusal
  return {
    number,
    at: at.toISOString(),
    place: wordsIn(language, placeOf(refusal)),
    what: wordsIn(language, what),
    detail: wordsIn(language, storedWords(refusal.detail)),
    advice: wordsIn(language, advice),
    address,
    userAgent,
  }
}

/** A refused sign-in to an application, as any other refusal. */
export function refusedSignInView(signIn: StoredSignIn, language: Language): RefusalView {
  const { number, at, appName, way, reason, detail, address, userAgent } = signIn
  return {
    number,
    address,
    userAgent,
    at: at.toISOString(),
    place: [appName, wordsIn(language, wayIn(way))].filter(Boolean).join(' · '),
    what: wordsIn(language, reasonIn(reason)),
    detail: wordsIn(language, storedWords(detail)),
    advice: wordsIn(language, adviceOn(reason)),
  }
}
