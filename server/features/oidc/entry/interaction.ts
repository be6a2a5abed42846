import type { FastifyReply, FastifyRequest } from 'fastify'
import type { InteractionResults } from 'oidc-provider'
import type { AppSignInFault } from '../../../callers/refusals/app-sign-in-words.ts'
import { type MissingProof, needsProof } from '../../../callers/sign-in/proof.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Acr } from '../../app-sign-in/app-sign-in.ts'
import { needsConsent, sendConsentPage } from '../../app-sign-in/pages/consent-page.ts'
import { type SignInPage, sendSignInPage } from '../../app-sign-in/pages/page.ts'
import { noteRefusedEntry, sendRefusedPage } from '../../app-sign-in/pages/refused-page.ts'
import type { App } from '../../apps/app.ts'
import type { Needs } from '../needs.ts'
import { acrNeeded } from '../provider/acr.ts'
import { type MemberVisitor, memberOfCorp, subOf } from '../provider/asking.ts'
import { beganParameter } from '../provider/configuration.ts'
import { again } from '../provider/page-words.ts'
import type { CorpProvider } from '../provider/providers.ts'
import { type Interaction, readInteraction, saveResult } from './interactions.ts'
import { type GrantedEntry, mayEnter } from './may-enter.ts'

export type Step = {
  corpId: string
  issuer: string
  uid: string
  visitor: Visitor | undefined
  built: CorpProvider
}

type InteractionRequest = {
  request: FastifyRequest
  reply: FastifyReply
  step: Step
  interaction: Interaction
}

/**
 * Where the library sends a person who has something to do first. It is opened again after each thing they did, says what is left, and
 * leads back to the application when nothing is.
 */
export async function answerInteraction(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  step: Step,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  const interaction = await readInteraction(step.built, request, reply, step.uid)
  if (!interaction || request.method !== 'GET') {
    noteRefusedEntry(ctx, request, { corpId: step.corpId, way: 'oidc', fault: 'ticket' })
    const page = {
      status: 400,
      corpId: step.corpId,
      title: again.title,
      text: [again.hint],
      isNumbered: true,
    }
    return sendSignInPage(ctx, request, reply, page)
  }
  const asked: InteractionRequest = { request, reply, step, interaction }
  const query = request.query as Record<string, unknown>
  if (query['end'] !== undefined) return end(asked, query['end'])
  const { visitor } = step
  if (!visitor) return toSignIn(asked, 'sign-in', 1)
  const member = memberOfCorp(visitor, step.corpId)
  if (!member) return refuse(ctx, asked, visitor.member ? 'other-corp' : 'administrator')
  return enter(ctx, asked, member)
}

async function enter(ctx: Needs, asked: InteractionRequest, visitor: MemberVisitor): Promise<FastifyReply> {
  const { request, reply, step, interaction } = asked
  const clientId = String(interaction.params['client_id'])
  const signIn = ctx.appSignIns.ofClient(step.corpId, clientId)
  const found = await mayEnter(ctx, signIn, visitor.member.id, false)
  if ('fault' in found) return refuse(ctx, asked, found.fault, { app: found.app, visitor })
  const { app } = found
  if (isOfAnother(interaction, visitor)) return refuse(ctx, asked, 'other-person', { app, visitor })
  const acr = acrNeeded(found.signIn.leastAcr, interaction.params['acr_values'])
  const need = { acr, ...freshnessOf(interaction) }
  const missing = needsProof(visitor, need, ctx.now())
  const { tried } = request.query as Record<string, unknown>
  // Somebody who has been to the sign-in page for it and comes back without cannot do it.
  if (missing === 'second-factor' && tried !== undefined) return refuse(ctx, asked, 'acr', { app, visitor })
  if (missing) return toSignIn(asked, missing, Math.max(acr, need.isFresh ? 2 : 1) as Acr)
  if (await needsConsent(ctx, found, visitor.member.id)) {
    const to = pathOf(step)
    return sendConsentPage(ctx, request, reply, { ...found, visitor, to, refusedTo: `${to}?end=refused` })
  }
  return finish(asked, found, visitor)
}

async function finish(
  asked: InteractionRequest,
  { member }: GrantedEntry,
  { proof }: MemberVisitor,
): Promise<FastifyReply> {
  const login = {
    accountId: subOf(member),
    ts: Math.floor(proof.authAt / 1000),
    acr: `wisp:${proof.acr}`,
    amr: [...proof.amr],
  }
  return goBack(asked, { login, consent: {} })
}

/** When somebody must sign in anew: not before the application asked, or not longer ago than it says. */
function freshnessOf({ params }: Interaction): { after?: number; maxAgeMs?: number; isFresh: boolean } {
  const began = Number(params[beganParameter])
  const maxAge = params['max_age'] === undefined ? undefined : Number(params['max_age'])
  const isLogin = String(params['prompt'] ?? '')
    .split(' ')
    .includes('login')
  if (isLogin || maxAge === 0) return { after: began, isFresh: true }
  return maxAge === undefined ? { isFresh: false } : { maxAgeMs: maxAge * 1000, isFresh: true }
}

/** The application named a person by an id_token, which the library has checked. */
function isOfAnother({ prompt }: Interaction, { member }: MemberVisitor): boolean {
  const hint = prompt.details['id_token_hint']
  if (typeof hint !== 'string') return false
  const claims = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString()) as {
    sub?: unknown
  }
  return claims.sub !== subOf(member)
}

/** The sign-in page leads a person through it, and back to here; within WeCom nobody has to do anything to be recognised. */
function toSignIn(
  { request, reply, step }: InteractionRequest,
  missing: MissingProof,
  acr: Acr,
): FastifyReply {
  const path = pathOf(step)
  if (missing === 'sign-in') {
    const query = new URLSearchParams({ to: path, corpId: step.corpId })
    const isInside = /wxwork|MicroMessenger/i.test(request.headers['user-agent'] ?? '')
    return reply.redirect(`/signin${isInside ? '/wecom' : ''}?${query}`, 303)
  }
  const query = new URLSearchParams({ to: `${path}?tried=1`, corpId: step.corpId, acr: String(acr) })
  if (missing === 'confirm') query.set('fresh', '1')
  return reply.redirect(`/signin?${query}`, 303)
}

type InteractionParties = { app?: App | undefined; visitor?: MemberVisitor }

async function refuse(
  ctx: Needs,
  { request, reply, step }: InteractionRequest,
  fault: AppSignInFault,
  { app, visitor }: InteractionParties = {},
): Promise<FastifyReply> {
  const way = 'oidc' as const
  const links: SignInPage['links'] = [
    ...(needsOther.has(fault) ? [{ href: signInAgain(step), words: wordsOfLinks.other }] : []),
    { href: `${pathOf(step)}?end=${endOf(fault)}`, words: wordsOfLinks.back },
  ]
  const member = visitor?.member
  return sendRefusedPage(ctx, request, reply, { corpId: step.corpId, way, fault, app, member }, links)
}

const needsOther: ReadonlySet<AppSignInFault> = new Set(['administrator', 'other-corp', 'other-person'])

const wordsOfLinks = {
  other: { zh: '换一个账号登录', en: 'Sign in as somebody else' },
  back: { zh: '返回应用', en: 'Back to the application' },
}

function signInAgain(step: Step): string {
  return `/signin?${new URLSearchParams({ to: pathOf(step), corpId: step.corpId, acr: '2', fresh: '1' })}`
}

function endOf(fault: AppSignInFault): string {
  return fault === 'acr' ? 'acr' : needsOther.has(fault) ? 'other' : 'refused'
}

const ends: Readonly<Record<string, { error: string; error_description: string }>> = {
  acr: {
    error: 'unmet_authentication_requirements',
    error_description: 'the sign-in is not as sure as asked',
  },
  other: { error: 'login_required', error_description: 'nobody signed in who may' },
  refused: { error: 'access_denied', error_description: 'the person may not enter, or did not agree' },
}

/** The person goes back without having been signed in. */
async function end(asked: InteractionRequest, how: unknown): Promise<FastifyReply> {
  const result = Object.hasOwn(ends, String(how)) ? ends[String(how)] : undefined
  return goBack(asked, { ...(result ?? ends['refused']) })
}

async function goBack(
  { reply, interaction }: InteractionRequest,
  result: InteractionResults,
): Promise<FastifyReply> {
  await saveResult(interaction, result)
  return reply.redirect(interaction.returnTo, 303)
}

function pathOf({ issuer, uid }: Step): string {
  return `${new URL(issuer).pathname}/interaction/${uid}`
}
