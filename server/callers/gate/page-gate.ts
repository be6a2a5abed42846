import type { FastifyRequest } from 'fastify'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkPathOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { type Roles, roleLevel } from '../../organisation/directory/permissions/person.ts'
import type { OwnRoles } from '../../organisation/roles/kept-roles.ts'
import { viewedAs } from '../../organisation/roles/view-as.ts'
import { checkRestored } from '../../organisation/three/check-restored.ts'
import type { Three } from '../../organisation/three/three.ts'
import { actingAs } from '../../platform/audit/actor.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type {
  Authorisation,
  PageAccess,
  PageGate,
  PageUse,
  RawInputs,
  RefusedCall,
} from '../../platform/http/gate.ts'
import { refused, signInFirst } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import type { Developers } from '../developers/developers.ts'
import type { OutgoingClicks } from '../limits/outgoing-clicks.ts'
import { checkConsoleAddress, networksOf, type Protection } from '../protection/protection.ts'
import type { Refusals } from '../refusals/refusals.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { actingVisitor } from './acting-visitor.ts'
import { checkSeparated, isOfInstallation, separatedAccount } from './separated.ts'
import { checkPageOpen } from './suspended.ts'
import { checkViewing, otherCorp } from './view-as.ts'

type Needs = Core & {
  corps: Corps
  three: Three
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  outgoingClicks: OutgoingClicks
  ownRoles: OwnRoles
  protection: Protection
  refusals: Refusals
  roles: Roles
  sessions: Sessions
}

/** The gate of our own pages: a person by the session's cookie. */
export function createPageGate(ctx: Needs): PageGate {
  const { mirrors, outgoingClicks, sessions } = ctx
  return {
    visitorOf: sessions.visitorOf,
    findVisitor: sessions.findVisitor,
    noteRefusal: refused => noteRefusal(ctx, refused),
    checkOrigin: (request, visitor) => checkOrigin(ctx, request, visitor),
    authorise: (declared, visitor, given, request) => authorise(ctx, declared, visitor, given, request),
    checkAddress: (access, visitor, request) => checkAddress(ctx, access, visitor, request),
    checkOpen: (corpId, declared, visitor) => checkPageOpen(ctx, corpId, declared, visitor),
    checkOn: (corpId, path) => checkPathOn(ctx, corpId, path),
    during: mirrors.during,
    acting: ({ actor, member }, request, work) =>
      actingAs({ actor, name: member?.name ?? '', address: callerAddress(request) }, work),
    goOut: (visitor, given, corpId) => outgoingClicks.count(clickedFor(visitor, given), corpId),
  }
}

/** A developer's owners and administrators share one count of outgoing calls. */
function clickedFor(visitor: Visitor | undefined, { devId }: RawInputs): string {
  return typeof devId === 'string' ? `developer:${devId}` : (visitor?.actor ?? '')
}

function authorise(
  ctx: Needs,
  declared: PageUse,
  known: Visitor | undefined,
  given: RawInputs,
  request: FastifyRequest,
): Authorisation {
  const { access } = declared
  const asked = typeof given['corpId'] === 'string' && given['corpId'] !== '' ? given['corpId'] : undefined
  if (access.by === 'anyone') return { corpId: asked, visitor: known }
  if (!known) throw signInFirst()
  const visitor = separatedAccount(ctx, declared, known, given, asked)
  const viewed = viewedAs(ctx, visitor, request)
  if (viewed) checkViewing(declared)
  if (access.by === 'self') return { corpId: visitor.member ? visitor.corpId : asked, visitor }
  if (access.by === 'account') {
    if (visitor.member) throw refused({ zh: '企业微信成员没有密码', en: 'WeCom members have no password' })
    return { corpId: asked, visitor }
  }
  if (visitor.mustChangePassword) throw refused({ zh: '请先修改密码', en: 'change the password first' })
  // Members need it for what their role allows, and not for what everybody does.
  if (!visitor.member || access.by !== 'person') checkSecondFactor(visitor)
  if (access.by === 'installation' || access.by === 'operator') {
    if (access.by === 'installation' && isOfInstallation(visitor, declared))
      return { corpId: undefined, visitor }
    if (visitor.roleLevel !== roleLevel.system)
      throw refused({
        zh: '只有系统超级管理员可以这样做',
        en: 'only the system super administrator may do this',
      })
    if (ctx.corps.isLocked()) checkRestored(ctx, undefined, visitor)
    checkSeparated(visitor, declared)
    if (access.by === 'installation') return { corpId: asked, visitor }
    // The corp that the console is about has nothing to do with it, and may be suspended.
    checkGaveSecondFactor(visitor)
    return { corpId: undefined, visitor }
  }
  const as =
    access.by === 'person' ? visitor : actingVisitor(ctx, declared, viewed?.visitor ?? visitor, given)
  const corpId = corpOf(ctx, visitor, asked)
  if (viewed && viewed.corpId !== corpId) throw otherCorp(viewed.corpId)
  return { corpId, visitor: as }
}

function checkSecondFactor({ mustEnrol, mustProve }: Visitor): void {
  if (mustEnrol) throw refused({ zh: '请先设置两步验证', en: 'set up the second factor first' })
  if (mustProve) throw refused({ zh: '请先通过两步验证', en: 'give the second factor first' })
}

const forMembers: readonly PageAccess['by'][] = ['person', 'self']

/**
 * Networks bind whoever administrates. What members do for themselves is free of them, and so is what the owner of a developer does who has
 * no role; the system super administrator has nothing but the console.
 */
function checkAddress(
  ctx: Needs,
  { by }: PageAccess,
  visitor: Visitor | undefined,
  request: FastifyRequest,
): void {
  if (by === 'anyone' || !visitor) return
  const isPlain = visitor.roleLevel === roleLevel.member && visitor.isHelpDesk !== true && !visitor.grants
  if (visitor.member && (isPlain || forMembers.includes(by))) return
  checkConsoleAddress(ctx, networksOf(visitor), callerAddress(request))
}

/** A second factor that was taken away since says no more who is there. */
function checkGaveSecondFactor({ hasFactor, proof }: Visitor): void {
  if (!hasFactor) throw refused({ zh: '请先设置两步验证', en: 'set up the second factor first' })
  if (proof.acr < 3) throw refused({ zh: '请先通过两步验证', en: 'give the second factor first' })
}

/**
 * Keeps the refusals of members, and of people who have no session. A page that is told 401 goes to the sign-in and shows no number; the
 * pages that anybody may open show it.
 */
function noteRefusal({ refusals }: Needs, { path, request, visitor, corpId, error }: RefusedCall): void {
  if ((visitor && !visitor.member) || error.error === 'unavailable') return
  if (!visitor && error.status === 401 && !path.startsWith('/web/pay/')) return
  const { error: reason, detail } = error
  const message = { zh: error.messageIn('zh'), en: error.messageIn('en') }
  refusals.note({
    request,
    corpId: visitor?.corpId ?? corpId,
    member: visitor?.member,
    place: path,
    reason,
    detail: detail === '' ? message : detail,
  })
}

/** Members always get their own corp, and others the one that they ask for, or else the first. */
function corpOf({ corps }: Needs, visitor: Visitor, asked: string | undefined): string {
  if (visitor.member) {
    if (asked !== undefined && asked !== visitor.corpId)
      throw refused({ zh: `企业 ${asked} 不是您所在的企业`, en: `you do not belong to corp ${asked}` })
    return visitor.corpId
  }
  const corpId = asked ?? corps.all()[0]?.corpId
  if (corpId === undefined)
    throw new ApiError('badParameter', {
      zh: '还没有接入企业，请系统超级管理员先在控制台接入',
      en: 'no corp is connected yet: the system super administrator connects one in the console first',
    })
  return corps.get(corpId).corpId
}

/** Browsers state where a request comes from, and the page sends back a token that other sites cannot read. */
function checkOrigin(ctx: Needs, request: FastifyRequest, visitor: Visitor | undefined): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isForeign = typeof site === 'string' && site !== 'same-origin' && site !== 'none'
  if (isForeign || (origin !== undefined && !isOwnOrigin(ctx, origin, request)))
    throw refused({ zh: '请求来自其他网站', en: 'the request comes from another site' })
  if (visitor && request.headers['x-wisp-csrf'] !== visitor.csrf)
    throw refused({ zh: '页面已过期，请刷新后重试', en: 'the page is out of date: reload it and try again' })
}

/** Whether one of our own pages could have sent this. */
function isOwnOrigin(ctx: Needs, origin: string, request: FastifyRequest): boolean {
  if (!URL.canParse(origin)) return false
  const { host } = new URL(origin)
  if (host === request.host) return true
  const known = [ctx.publicUrl(), ...ctx.corps.all().map(corp => corp.publicUrl)]
  return known.some(url => URL.canParse(url) && new URL(url).origin === origin)
}
