import type { Account, FindAccount, KoaContextWithOIDC } from 'oidc-provider'
import type { SignInWay } from '../../../callers/sign-in-log/sign-in-log.ts'
import { needsConsent } from '../../app-sign-in/pages/consent-page.ts'
import { noteRefusedEntry } from '../../app-sign-in/pages/refused-page.ts'
import { type GrantedEntry, mayEnter, type RefusedEntry } from '../entry/may-enter.ts'
import type { Needs } from '../needs.ts'
import { toldAway } from '../storage/told-away.ts'
import { askingOf } from './asking.ts'
import { reservedClaims } from './claim-names.ts'
import type { Library } from './library.ts'

/** A person whom the app may have, as the library passes them around. */
export type MemberAccount = Account & { entered: GrantedEntry }

export function entered(account: Account | undefined): GrantedEntry | undefined {
  return (account as MemberAccount | undefined)?.entered
}

/** Routes of programs: what they are told is made at once. Pages of people say more, and say it themselves. */
const ofPrograms = new Set(['token', 'userinfo', 'introspection'])

/** Asked at each step. Who left, or lost the app, is nobody from then on, with whatever was issued before. */
export function accountFinder(ctx: Needs, corpId: string, { errors }: Library): FindAccount {
  return async (koa, sub, token) => {
    const { oidc } = koa
    const clientId = token && 'clientId' in token ? token.clientId : oidc.client?.clientId
    const signIn = clientId === undefined ? undefined : ctx.appSignIns.ofClient(corpId, clientId)
    const isOfProgram = ofPrograms.has(oidc.route)
    const found = await toldAway(errors, enter(ctx, signIn, sub, token !== undefined, isOfProgram))
    if ('fault' in found) {
      // A page that a person sees notes it itself.
      if (oidc.route === 'token' || oidc.route === 'userinfo' || isWithoutPage(koa))
        noteRefused(ctx, koa, corpId, sub, found)
      return undefined
    }
    const account: MemberAccount = {
      accountId: sub,
      entered: found,
      claims: async () => ({ sub, ...claimsOf(found) }),
    }
    return account
  }
}

function isWithoutPage({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.route === 'authorization' && oidc.prompts.has('none')
}

async function enter(
  ctx: Needs,
  signIn: Parameters<typeof mayEnter>[1],
  sub: string,
  isIssued: boolean,
  isToldNow: boolean,
): Promise<GrantedEntry | RefusedEntry> {
  const memberId = /^\d{1,15}$/.test(sub) ? Number(sub) : -1
  const found = await mayEnter(ctx, signIn, memberId, isToldNow)
  if ('fault' in found || !isIssued || !(await needsConsent(ctx, found, memberId))) return found
  return { fault: 'not-agreed', app: found.app }
}

function claimsOf({ release }: GrantedEntry): Record<string, unknown> {
  if (!release) return {}
  const attributes = Object.entries(release.attributes).filter(([name]) => !reservedClaims.has(name))
  return { ...Object.fromEntries(attributes), ...release.claims }
}

function noteRefused(
  ctx: Needs,
  koa: KoaContextWithOIDC,
  corpId: string,
  sub: string,
  { fault, app }: RefusedEntry,
): void {
  const known = ctx.mirrors.find(corpId)?.members.byId(Number(sub))
  const member = known && { id: known.id, userId: known.userId, name: known.name }
  noteRefusedEntry(ctx, askingOf(koa).request, { corpId, way: wayOf(koa), fault, app, member })
}

/** How an application asked for what it got. */
export function wayOf({ oidc }: KoaContextWithOIDC): SignInWay {
  const grant = String(oidc.params?.['grant_type'] ?? '')
  if (grant === 'refresh_token') return 'refresh'
  return grant.endsWith(':device_code') || /^(code|device)_/.test(oidc.route) ? 'device' : 'oidc'
}
