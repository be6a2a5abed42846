import { hash } from 'node:crypto'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Needs } from '../needs.ts'
import { toldAway } from '../storage/told-away.ts'
import { askingOf, type MemberVisitor, memberOfCorp, subOf } from './asking.ts'
import type { Library } from './library.ts'

type Session = InstanceType<Provider['Session']>
type NewSession = new (payload?: object) => Session

/** Routes that keep something in the session between two pages of their own. */
const keepState = new Set(['end_session', 'end_session_confirm', 'code_verification', 'device_resume'])

/**
 * Makes the library's session that of wisp: who is signed in there is signed in here, as surely and since when wisp says; who signed
 * out there is signed out here, and what was issued in the session is void. Its ids follow from those of wisp's session, so nothing
 * has to be stored, and two sign-ins at once cannot overwrite each other's.
 */
export function followWispSessions(
  ctx: Needs,
  corpId: string,
  provider: Provider,
  { errors }: Library,
): void {
  const { Session } = provider
  const Made = Session as unknown as NewSession
  const { save, persist, authorizationFor, resetIdentifier } = Session.prototype

  const isBound = (session: Session) => session.accountId !== undefined

  function bound(visitor: MemberVisitor, state?: object): Session {
    const { sessionId, proof, member } = visitor
    const session = new Made({ jti: sessionId, uid: sessionId, ...(state ? { state } : {}) })
    return Object.assign(session, {
      accountId: subOf(member),
      loginTs: Math.floor(proof.authAt / 1000),
      acr: `wisp:${proof.acr}`,
      amr: [...proof.amr],
    })
  }

  async function boundTo(visitor: MemberVisitor, route: string): Promise<Session> {
    const stored = keepState.has(route) ? await Session.find<Session>(visitor.sessionId) : undefined
    return bound(visitor, stored?.state)
  }

  /** By the cookie, which is good for nobody's account. */
  async function anonymous({ oidc }: KoaContextWithOIDC): Promise<Session> {
    const id = oidc.cookies.get(provider.cookieName('session'), { signed: true })
    const stored = id === undefined ? undefined : await Session.find<Session>(id)
    if (stored && stored.jti !== stored.uid) return stored
    return new Made(id === undefined ? undefined : {})
  }

  Session.get = async given => {
    const koa = given as KoaContextWithOIDC
    const { visitor } = askingOf(koa)
    const session = visitor ? await boundTo(visitor, koa.oidc.route) : await anonymous(koa)
    koa.oidc.entity('Session', session)
    return session
  }

  Session.findByUid = async uid => {
    const known = ctx.sessions.knownVisitor(uid) ?? (await toldAway(errors, ctx.sessions.readVisitor(uid)))
    const visitor = memberOfCorp(known, corpId)
    return visitor && bound(visitor)
  }

  Object.assign(Session.prototype, {
    async save(this: Session, ttl: number) {
      if (!isBound(this) || this.state) return save.call(this, ttl)
      Object.assign(this, { exp: Math.floor(Date.now() / 1000) + ttl, touched: false })
      return this.jti
    },
    /** The library's error page gives a state to a session that was begun by the refused request, and whose cookie nobody gets. */
    async persist(this: Session) {
      return this.exp === undefined ? this.jti : persist.call(this)
    },
    resetIdentifier(this: Session) {
      if (!isBound(this)) resetIdentifier.call(this)
    },
    authorizationFor(this: Session, clientId: string, value?: object) {
      if (!isBound(this)) return Reflect.apply(authorizationFor, this, [clientId, value])
      const of = (what: string) => hash('sha256', `${what} ${corpId} ${this.uid} ${clientId}`, 'base64url')
      return { sid: of('sid'), grantId: of('grant') }
    },
  })
}
