import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { noteConsent } from '../../../callers/consents/ledger.ts'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Refusals } from '../../../callers/refusals/refusals.ts'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import type { SignInLog } from '../../../callers/sign-in-log/sign-in-log.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { isOpen } from '../../../organisation/corps/suspension/check-open.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { takeForms } from '../../../platform/http/bodies/form.ts'
import type { BodiesInProgress } from '../../../platform/http/bodies/in-progress.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { Brands } from '../../branding/brands.ts'
import { type AppSignIn, isApproved } from '../app-sign-in.ts'
import type { AppSignIns } from '../catalog.ts'
import { putConsent } from '../consent-store.ts'
import { whoMay } from '../who-may.ts'
import { consentPath, namesAsked, sendConsentPage } from './consent-page.ts'
import { sendSignInPage } from './page.ts'
import { sendRefusedPage } from './refused-page.ts'

type Needs = Core & {
  apps: Apps
  appSignIns: AppSignIns
  bodies: BodiesInProgress
  brands: Brands
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  refusals: Refusals
  sessions: Sessions
  signInLog: SignInLog
}

/** Enough for two addresses of the longest kind. */
const formAtMost = 16_384

/** Takes the answer of the consent page, which has no script and posts a form. */
export function registerConsent(app: FastifyInstance, ctx: Needs): void {
  app.register(async forms => {
    takeForms(forms, ctx.bodies, formAtMost)
    forms.post(consentPath, async (request, reply) => {
      ctx.bodies.end(request)
      ctx.availability.check()
      return answer(ctx, request, reply)
    })
  })
}

async function answer(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = (request.body ?? {}) as Partial<Record<string, string>>
  const visitor = await ctx.sessions.findVisitor(request)
  const site = request.headers['sec-fetch-site']
  const isOurs = site === undefined || site === 'same-origin'
  const { to = '', refusedTo = '', app: appId = '' } = form
  if (!visitor?.member || !isOurs || form['csrf'] !== visitor.csrf || !leadsBack(ctx, to))
    return outdated(ctx, request, reply)
  const { corpId, member } = visitor
  if (!isOpen(ctx, corpId)) return outdated(ctx, request, reply)
  const may = await whoMay(ctx, corpId, appId, member.id)
  if ('whyNot' in may)
    return sendRefusedPage(ctx, request, reply, {
      corpId,
      app: may.app?.corpId === corpId ? may.app : undefined,
      member,
      way: 'cas',
      fault: may.whyNot,
    })
  const { app, signIn } = may
  const way = signIn.kind === 'oidc' ? 'oidc' : 'cas'
  if (form['answer'] !== 'agree') {
    if (leadsBack(ctx, refusedTo)) return reply.redirect(refusedTo, 303)
    const links = [{ href: to, words: { zh: '重新选择', en: 'Choose again' } }]
    const refused = { corpId, app, member, way, fault: 'not-agreed' } as const
    return sendRefusedPage(ctx, request, reply, refused, links)
  }
  const names = namesAsked(ctx, { app, signIn })
  // What was approved while the page was open has not been shown.
  if (names.join(' ') !== form['names'])
    return sendConsentPage(ctx, request, reply, { app, signIn, visitor, to, refusedTo })
  const agreedAt = new Date(ctx.now())
  const said = { name: app.name, claims: names, relation: signIn.relation, notice: noticeOf(signIn) }
  await ctx.db.transaction().execute(async tx => {
    await putConsent(tx, { corpId, appId, memberId: member.id, claims: names, agreedAt })
    await noteConsent(tx, { corpId, memberId: member.id, purpose: 'app', subject: appId }, said, agreedAt)
  })
  return reply.header('cache-control', 'no-store').redirect(to, 303)
}

/** What the page says that each is for, in the order of the page. */
function noticeOf({ claims, attributes }: AppSignIn): string {
  const approved = attributes.filter(isApproved)
  return JSON.stringify([
    claims.map(({ name, purpose }) => [name, purpose]),
    approved.map(({ field, purpose }) => [field, purpose]),
  ])
}

/** Whether it is an address of a feature that signs people in, as a browser would resolve it. */
function leadsBack({ offered }: Needs, to: string): boolean {
  const base = 'http://own.invalid'
  const url = to.startsWith('/') ? URL.parse(to, base) : null
  return url?.origin === base && offered.returnTo(url.pathname)
}

function outdated(ctx: Needs, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendSignInPage(ctx, request, reply, {
    status: 400,
    title: { zh: '页面已过期', en: 'The page is out of date' },
    text: [{ zh: '请从应用重新登录。', en: 'Sign in again from the application.' }],
    isNumbered: true,
  })
}
