import { type Static, Type } from 'typebox'
import { time } from '../../platform/http/output.ts'
import { type Language, storedWords, wordsIn } from '../../platform/words.ts'
import { reasonIn, wayIn } from './sign-in-words.ts'
import type { StoredSignIn } from './store.ts'

export const signInSchema = Type.Object({
  id: Type.Number(),
  at: time,
  /** The request id, which a refused person sees. */
  number: Type.String(),
  /** '' for wisp itself. */
  appId: Type.String(),
  appName: Type.String(),
  /** '' before it is known who they are. */
  userId: Type.String(),
  userName: Type.String(),
  way: Type.String(),
  /** What the way is called. */
  wayName: Type.String(),
  /** '' where it succeeded. */
  reason: Type.String(),
  /** The reason in words. */
  why: Type.String(),
  /** What else is known of it. */
  detail: Type.String(),
  acr: Type.Union([Type.Number(), Type.Null()]),
  amr: Type.Array(Type.String()),
  /** Names of the claims or attributes that the application was given. */
  released: Type.Array(Type.String()),
  address: Type.String(),
  userAgent: Type.String(),
})
type SignInView = Static<typeof signInSchema>

export function signInView(one: StoredSignIn, language: Language): SignInView {
  const { id, at, number, appId, appName, userId, userName, way, reason, detail } = one
  return {
    id,
    at,
    number,
    appName,
    userId,
    userName,
    way,
    reason,
    appId: appId ?? '',
    wayName: wordsIn(language, wayIn(way)),
    why: reason === '' ? '' : wordsIn(language, reasonIn(reason)),
    detail: wordsIn(language, storedWords(detail)),
    acr: one.acr,
    amr: [...one.amr],
    released: [...one.released],
    address: one.address,
    userAgent: one.userAgent,
  }
}

/** For programs: the codes as they are stored, and what they mean in both languages. */
export function signInLine(one: StoredSignIn): Record<string, unknown> {
  const { at, number, appId, appName, userId, userName, way, reason, detail } = one
  return {
    at: at.toISOString(),
    number,
    appId,
    appName,
    userId,
    userName,
    way,
    result: reason === '' ? 'succeeded' : 'refused',
    ...(reason === '' ? {} : { reason, why: reasonIn(reason) }),
    ...(detail === '' ? {} : { detail: storedWords(detail) }),
    acr: one.acr,
    amr: one.amr,
    released: one.released,
    address: one.address,
    userAgent: one.userAgent,
  }
}
