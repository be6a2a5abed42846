import type { KoaContextWithOIDC } from 'oidc-provider'
import { type ClaimName, isApproved } from '../../app-sign-in/app-sign-in.ts'
import { beginAppSession } from '../../app-sign-in/begin-app-session.ts'
import { approvedNames } from '../../app-sign-in/claims/release.ts'
import type { Needs } from '../needs.ts'
import { entered, type MemberAccount, wayOf } from './account.ts'
import { askingOf } from './asking.ts'
import { again } from './page-words.ts'

type Koa = Partial<KoaContextWithOIDC> & Pick<KoaContextWithOIDC, 'req' | 'status'>

/** What follows from a step of the library before its answer is sent. */
export async function noteOutcome(ctx: Needs, corpId: string, given: unknown): Promise<void> {
  const koa = given as Koa
  if (koa.oidc === undefined) return
  const known = koa as KoaContextWithOIDC
  const { route, entities, params } = known.oidc
  const isSignedIn = entities.AuthorizationCode !== undefined && route !== 'token'
  if (isSignedIn || isDeviceDone(known)) await noteSignIn(ctx, corpId, known)
  else if (route === 'token' && known.status === 200 && params?.['grant_type'] !== 'authorization_code')
    noteIssued(ctx, corpId, known)
  if (route === 'end_session_confirm' && params?.['logout'] && known.status === 303)
    await endSession(ctx, known)
}

function isDeviceDone({ oidc, status }: KoaContextWithOIDC): boolean {
  const { route, entities } = oidc
  return (
    /^(code_verification|device_resume)$/.test(route) && status === 200 && !!entities.DeviceCode?.accountId
  )
}

/** The session has signed somebody in to the app, which is told when it ends. */
async function noteSignIn(ctx: Needs, corpId: string, koa: KoaContextWithOIDC): Promise<void> {
  const { visitor } = askingOf(koa)
  const { account, client, session } = koa.oidc
  const found = entered(account)
  const sid = client && session?.sidFor(client.clientId)
  if (!visitor || !found || !sid) return
  const { app, signIn, member } = found
  const isOpen = await beginAppSession(ctx, {
    corpId,
    appId: app.id,
    memberId: member.id,
    sessionId: visitor.sessionId,
    protocol: 'oidc',
    sid,
    logoutUri: signIn.oidc?.logoutUri ?? '',
  })
  // The code is void as well: it is good as long as the session.
  if (!isOpen) return sayAgain(koa, corpId)
  noteIssued(ctx, corpId, koa)
}

/** The person signed out while the application's request was on its way. */
function sayAgain(koa: KoaContextWithOIDC, corpId: string): void {
  askingOf(koa).page = { corpId, title: again.title, text: [again.hint], isNumbered: true }
  koa.remove('location')
  koa.status = 400
}

function noteIssued(ctx: Needs, corpId: string, koa: KoaContextWithOIDC): void {
  const { entities, session } = koa.oidc
  const found = (entities.Account as MemberAccount | undefined)?.entered
  if (!found) return
  const { app, signIn, member } = found
  const issued = entities.AccessToken ?? entities.AuthorizationCode ?? entities.DeviceCode
  const scopes = new Set((issued?.scope ?? '').split(' '))
  const names = approvedNames(ctx, app, signIn).filter((name: ClaimName) => scopes.has(name))
  const mapped = scopes.has('openid') ? signIn.attributes.filter(isApproved).map(one => one.name) : []
  // The getters of the library read the session, which programs have not.
  const proof = session ?? entities.RefreshToken ?? entities.DeviceCode
  ctx.signInLog.note({
    request: askingOf(koa).request,
    corpId,
    way: wayOf(koa),
    app,
    member,
    acr: Number((proof?.acr ?? '').slice(-1)) || undefined,
    amr: proof?.amr,
    released: [...names, ...mapped],
  })
}

/** Whoever signs out in an application signs out of wisp, which tells all other applications. */
async function endSession(ctx: Needs, koa: KoaContextWithOIDC): Promise<void> {
  const { visitor } = askingOf(koa)
  if (visitor) await ctx.sessions.end(visitor.sessionId, 'app')
}
