import { hash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Refusals } from '../../callers/refusals/refusals.ts'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import { sendConsentPage } from '../app-sign-in/pages/consent-page.ts'
import { sendSignInPage } from '../app-sign-in/pages/page.ts'
import { sendRefusedPage } from '../app-sign-in/pages/refused-page.ts'
import type { Apps } from '../apps/catalog.ts'
import type { Brands } from '../branding/brands.ts'
import { beginSignIn } from './begun.ts'
import { nextStep, type Step } from './next-step.ts'
import type { CasPlace } from './places.ts'
import { asked, isAsked } from './query.ts'
import { addressOf, findService, type Service, serviceKey } from './services.ts'
import { insertTicket } from './ticket-store.ts'

export type LoginNeeds = Core & {
  apps: Apps
  appSignIns: AppSignIns
  brands: Brands
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  refusals: Refusals
  roles: Roles
  sessions: Sessions
  signInLog: SignInLog
}

const shownAtMost = 200

/** Signs somebody in to the application that sent them here (docs/upstream/cas.md#sign-in). */
export async function login(
  ctx: LoginNeeds,
  place: CasPlace,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visitor = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
  const given = asked(request, 'service')
  if (given === '')
    return visitor ? signedIn(ctx, place, request, reply, visitor) : toSignIn(ctx, place, request, reply)
  const service = given === undefined ? undefined : findService(ctx, place.corpId, given)
  if (!service) {
    const detail = given?.slice(0, shownAtMost) ?? 'service × 2'
    const member = visitor?.corpId === place.corpId ? visitor.member : undefined
    const refused = { corpId: place.corpId, way: 'cas', fault: 'service', member, detail } as const
    return sendRefusedPage(ctx, request, reply, refused)
  }
  const renew = isAsked(request, 'renew')
  const begun = asked(request, 'begun')
  const step = await nextStep(ctx, place.corpId, visitor, { service, renew, begun })
  const isQuiet = isAsked(request, 'gateway') && !renew
  if (isQuiet && step.next !== 'enter') return reply.redirect(addressOf(service), 303)
  return take(ctx, place, request, reply, { service, renew, step })
}

type LoginVisit = { service: Service; renew: boolean; step: Step }

async function take(
  ctx: LoginNeeds,
  place: CasPlace,
  request: FastifyRequest,
  reply: FastifyReply,
  { service, renew, step }: LoginVisit,
): Promise<FastifyReply> {
  switch (step.next) {
    case 'sign-in':
      return toSignIn(ctx, place, request, reply, { service, renew, visitor: step.visitor })
    case 'refuse':
      return sendRefusedPage(ctx, request, reply, { ...step.refused, way: 'cas' })
    case 'consent': {
      const to = ownAddress(place, request, asked(request, 'begun') ?? '')
      return sendConsentPage(ctx, request, reply, { ...step, to })
    }
    case 'enter': {
      const ticket = await issue(ctx, service, step)
      note(ctx, request, step)
      return hand(ctx, request, reply, service, ticket)
    }
  }
}

type EnterStep = Extract<Step, { next: 'enter' }>

async function issue(
  ctx: Core,
  service: Service,
  { app, visitor, member, isNew }: EnterStep,
): Promise<string> {
  const { cas } = service.signIn
  const ticket = `ST-${randomBytes(24).toString('hex')}`
  const [address = ''] = service.url.href.split('#', 1)
  await insertTicket(ctx.db, {
    corpId: app.corpId,
    appId: app.id,
    memberId: member.id,
    sessionId: visitor.sessionId,
    isNew,
    id: ticketId(ticket),
    service: serviceKey(service.url),
    logoutUri: cas.singleLogout ? cas.logoutUri || address : '',
    authAt: new Date(visitor.proof.authAt),
    endsAt: new Date(ctx.now() + cas.ticketSeconds * 1000),
  })
  return ticket
}

/** Under which a ticket is stored. */
export function ticketId(ticket: string): string {
  return hash('sha256', ticket, 'hex')
}

function note(ctx: LoginNeeds, request: FastifyRequest, { app, member, visitor, release }: EnterStep): void {
  const { acr, amr } = visitor.proof
  const { released } = release
  ctx.signInLog.note({ request, corpId: app.corpId, way: 'cas', app, member, acr, amr, released })
}

/** Brings the ticket to the application, by its address or, where it wants that, by a form. */
function hand(
  ctx: LoginNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
  ticket: string,
): FastifyReply {
  if (asked(request, 'method')?.toUpperCase() !== 'POST')
    return reply.redirect(addressOf(service, ticket), 303)
  return sendSignInPage(ctx, request, reply, {
    corpId: service.signIn.corpId,
    title: { zh: '正在进入应用', en: 'Entering the application' },
    form: {
      action: addressOf(service),
      fields: { ticket },
      buttons: [{ words: { zh: '继续', en: 'Go on' }, isMain: true }],
      sendsItself: true,
    },
  })
}

function toSignIn(
  ctx: LoginNeeds,
  place: CasPlace,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted?: { service: Service; renew: boolean; visitor: Visitor | undefined },
): FastifyReply {
  const to = ownAddress(place, request, beginSignIn(ctx, place.corpId))
  const { renew = false, visitor } = wanted ?? {}
  const acr = Math.max(wanted?.service.signIn.leastAcr ?? 1, renew ? 2 : 1)
  const isSilent = !visitor && acr === 1 && /wxwork|MicroMessenger/i.test(request.headers['user-agent'] ?? '')
  const query = new URLSearchParams({ corpId: place.corpId, to })
  if (isSilent) return reply.redirect(`${place.origin}/signin/wecom?${query}`, 303)
  if (acr > 1) query.set('acr', String(acr))
  if (renew || visitor) query.set('fresh', '1')
  return reply.redirect(`${place.origin}/signin?${query}`, 303)
}

const kept = ['service', 'renew', 'gateway', 'method'] as const

/** Where people come back to when they are signed in. */
function ownAddress({ path }: CasPlace, request: FastifyRequest, begun: string): string {
  const query = new URLSearchParams()
  for (const name of kept) {
    const value = asked(request, name)
    if (value) query.set(name, value)
  }
  if (begun !== '') query.set('begun', begun)
  return `${path}/login?${query}`
}

function signedIn(
  ctx: LoginNeeds,
  { corpId, path }: CasPlace,
  request: FastifyRequest,
  reply: FastifyReply,
  visitor: Visitor,
): FastifyReply {
  const name = visitor.member ? `${visitor.member.name} (${visitor.member.userId})` : visitor.actor
  return sendSignInPage(ctx, request, reply, {
    corpId,
    title: { zh: '您已登录', en: 'You are signed in' },
    text: [
      {
        zh: '接下来打开使用统一登录的应用，不用再次登录。',
        en: 'Applications that use this sign-in do not ask again.',
      },
    ],
    facts: [[{ zh: '登录的是', en: 'Signed in' }, name]],
    links: [
      { href: '/portal', words: { zh: '打开工作台', en: 'Open the workbench' }, isMain: true },
      { href: `${path}/logout`, words: { zh: '退出登录', en: 'Sign out' } },
    ],
  })
}
