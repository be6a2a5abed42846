import type { Developers } from '../../callers/developers/developers.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import { needsConsent } from '../app-sign-in/pages/consent-page.ts'
import { whoMay } from '../app-sign-in/who-may.ts'
import type { App } from '../apps/app.ts'
import type { Apps } from '../apps/catalog.ts'
import { memberOfCorp, subOf } from './provider/asking.ts'
import { hashOf } from './storage/given-for.ts'
import { findRecord } from './storage/record-store.ts'

export type TokenNeeds = Core & {
  apps: Apps
  appSignIns: AppSignIns
  developers: Developers
  mirrors: Mirrors
  sessions: Sessions
}

/** Whom an access token stands for, the app that it was given to, and when it expires, in ms since the epoch. */
export type TokenHolder = { member: MemberCore; app: App; expiresAt: number }

/** What the library stores of an access token; `exp` is in seconds since the epoch. */
type StoredToken = {
  accountId: string
  clientId: string
  exp: number
  scope?: string
  expiresWithSession?: boolean
  sessionUid?: string
}

/** How an access token is known where it is not used itself. */
export const hashOfToken = hashOf

/**
 * The holder of an access token of OpenID Connect, by the hash of the token, under the conditions of userinfo: wisp gave it in this corp
 * for `openid`, it has neither expired nor been revoked, its session has not ended unless it outlives that, and the person may still
 * enter the app. `isUse`: it counts as use of the session.
 */
export async function holderOfToken(
  ctx: TokenNeeds,
  corpId: string,
  hash: string,
  isUse: boolean,
): Promise<TokenHolder | undefined> {
  const record = await findRecord(ctx.db, { corpId, kind: 'AccessToken', id: hash })
  if (!record) return undefined
  const token = record.payload as StoredToken
  const expiresAt = token.exp * 1000
  if (expiresAt <= ctx.now() || !token.scope?.split(' ').includes('openid')) return undefined
  if (token.expiresWithSession && !(await isInSession(ctx, corpId, token, isUse))) return undefined
  const signIn = ctx.appSignIns.ofClient(corpId, token.clientId)
  const entry = signIn && (await whoMay(ctx, corpId, signIn.appId, Number(token.accountId)))
  if (!entry || 'whyNot' in entry || (await needsConsent(ctx, entry, entry.member.id))) return undefined
  return { member: entry.member, app: entry.app, expiresAt }
}

async function isInSession(
  { sessions }: TokenNeeds,
  corpId: string,
  { sessionUid = '', accountId }: StoredToken,
  isUse: boolean,
): Promise<boolean> {
  const known = sessions.knownVisitor(sessionUid, isUse) ?? (await sessions.readVisitor(sessionUid, isUse))
  const visitor = memberOfCorp(known, corpId)
  return visitor !== undefined && subOf(visitor.member) === accountId
}
