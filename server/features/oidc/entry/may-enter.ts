import type { AppSignInFault } from '../../../callers/refusals/app-sign-in-words.ts'
import type { AppSignIn } from '../../app-sign-in/app-sign-in.ts'
import { type Release, releaseOf } from '../../app-sign-in/claims/release.ts'
import { type Entry, whoMay } from '../../app-sign-in/who-may.ts'
import type { App } from '../../apps/app.ts'
import type { Needs } from '../needs.ts'

export type GrantedEntry = Entry & { release: Release | undefined }
export type RefusedEntry = { fault: AppSignInFault; app: App | undefined }

/**
 * Whether a member may be signed in to an app, and what it is told of them. Without `isToldNow` the release is made only where it
 * can refuse somebody.
 */
export async function mayEnter(
  ctx: Needs,
  signIn: AppSignIn | undefined,
  memberId: number,
  isToldNow: boolean,
): Promise<GrantedEntry | RefusedEntry> {
  if (!signIn) return { fault: 'no-app', app: undefined }
  const entry = await whoMay(ctx, signIn.corpId, signIn.appId, memberId)
  if ('whyNot' in entry) return { fault: entry.whyNot, app: entry.app }
  if (!isToldNow && signIn.userNameField === 'userid') return { ...entry, release: undefined }
  const release = await releaseOf(ctx, entry.app, entry.signIn, entry.member)
  if ('noName' in release) return { fault: release.noName, app: entry.app }
  return { ...entry, release }
}
