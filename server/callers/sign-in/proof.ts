/**
 * A session records how surely its person proved themselves (`visitor.proof`): recognised, interactively, or with a second
 * factor; when, and by what. Within WeCom, only a button of the sign-in page, whose call sets the state's cookie, makes a
 * sign-in interactive; a link never does. There the sign-in page leads on only people who are signed out and need merely be
 * recognised, because WeCom would send all others back without end. People who change how they prove themselves did so
 * interactively in the last five minutes, with the second factor where there is one. Members who administrate give the second
 * factor, where it is required, only for what their role allows.
 */

import type { Acr, Proof } from '../../platform/http/visitor.ts'

export type { Acr } from '../../platform/http/visitor.ts'

/** How surely somebody must have proved themselves, and how lately; times in milliseconds. */
export type Need = {
  acr: Acr
  maxAgeMs?: number
  /** Not before then, as for a request that wants a person to sign in anew. */
  after?: number
}

/** What a person has yet to do. */
export type MissingProof = 'sign-in' | 'confirm' | 'second-factor'

/**
 * Returns what is still missing, first things first; undefined when nothing is. Where the time matters nobody passes who was recognised
 * without doing anything, however lately. Someone signed in is led through it by `/signin?to=…&acr=…&fresh=1`.
 */
export function needsProof(
  visitor: { proof: Proof } | undefined,
  { acr, maxAgeMs, after }: Need,
  now: number,
): MissingProof | undefined {
  if (!visitor) return 'sign-in'
  const { proof } = visitor
  const notBefore = Math.max(after ?? 0, maxAgeMs === undefined ? 0 : now - maxAgeMs)
  const least = notBefore > 0 ? Math.max(acr, 2) : acr
  if (proof.authAt < notBefore || proof.acr < Math.min(least, 2)) return 'confirm'
  return proof.acr < least ? 'second-factor' : undefined
}
