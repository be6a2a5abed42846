import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signInDomain } from '../../organisation/corps/addresses/tied.ts'
import { noteUse } from '../../organisation/corps/addresses/ties.ts'
import { type Agent, type Corp, type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import { checkTakesSignIns } from '../../organisation/corps/suspension/check-open.ts'
import { isListed, type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { mayAct, type Roles } from '../../organisation/directory/permissions/person.ts'
import { supplementMembers } from '../../organisation/directory/supplement/supplement.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { ownWords } from '../../platform/http/told.ts'
import type { Inbox } from '../../platform/inbox/inbox.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { describeError } from '../../platform/operation/log.ts'
import type { Words } from '../../platform/words.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../../upstream/wecom/errors.ts'
import type { Protection } from '../protection/protection.ts'
import { type SignInFault, tellingOf } from '../refusals/refusal-words.ts'
import type { Refusals } from '../refusals/refusals.ts'
import { cookieName, isSecure, readCookie, setCookie } from '../sessions/cookies.ts'
import { isSessionsFull } from '../sessions/room-for-session.ts'
import type { Sessions, SignInProof } from '../sessions/sessions.ts'
import type { SignInLog } from '../sign-in-log/sign-in-log.ts'
import type { Strangers } from '../strangers/strangers.ts'
import { enterMember } from './member-session.ts'
import { keepRefusal } from './refused/shown-refusal.ts'
import { wantedPage } from './return-page.ts'
import { type Account, noteAccountFailure } from './sign-in-audit.ts'

type Needs = Core & {
  corps: Corps
  inbox: Inbox
  mirrors: Mirrors
  offered: FeatureOffers
  protection: Protection
  refusals: Refusals
  roles: Roles
  three: Three
  sessions: Sessions
  signInLog: SignInLog
  strangers: Strangers
}

/** `member` is the one who was refused, once it is known who that is. */
class SignInRefused extends Error {
  readonly fault: SignInFault
  readonly member: MemberCore | undefined
  constructor(fault: SignInFault, detail = '', member?: MemberCore) {
    super(detail)
    this.fault = fault
    this.member = member
  }
}

type SignInState = {
  state: string
  corpId: string
  agentId: number
  to: string
  consent: boolean
  /** Within WeCom or WeChat, where people need not do anything. */
  isInside: boolean
  /** Begun by a button of the sign-in page, and by no link, which anybody can send. */
  isPressed: boolean
  at: number
}

const purpose = 'sign-in.state'
const stateMs = 10 * 60_000

/** Uses WeCom's OAuth inside its client, and its QR page elsewhere (docs/upstream/wecom-sign-in.md). */
export function registerWecomSignIn(app: FastifyInstance, ctx: Needs): void {
  app.get('/signin/wecom', (request, reply) => guarded(ctx, request, reply, () => begin(ctx, request, reply)))
  // The sign-in page knows its own pages; those of features (`returnTo`) it leaves to this.
  app.get('/signin/return', (request, reply) => reply.redirect(wantedPage(ctx, request)))
  app.get('/signin/callback', (request, reply) =>
    guarded(ctx, request, reply, () => finish(ctx, request, reply)),
  )
}

async function guarded(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  step: () => FastifyReply | Promise<FastifyReply>,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  try {
    ctx.availability.check()
    return await step()
  } catch (error) {
    const fault = faultOf(error)
    const detail = detailOf(error)
    noteRefused(ctx, request, fault, error)
    keepRefusal(ctx, request, reply, { fault, detail })
    const query = new URLSearchParams({ to: wantedPage(ctx, request), refused: request.id })
    // Only what WeCom says is more than the fault.
    const said = error instanceof SignInRefused ? undefined : String(error)
    ctx.strangers.refused({ request, what: 'not signed in', why: fault, said })
    return reply.redirect(`/signin?${query}`)
  }
}

/** '' where the fault says it all. */
function detailOf(error: unknown): Words | string {
  if (error instanceof SignInRefused) return error.message
  if (!(error instanceof WecomError)) return ''
  const { zh, en } = explainErrcode(error.errcode).text
  return { zh: `${error.errcode} ${zh}`, en: `${error.errcode} ${en}` }
}

function noteRefused(ctx: Needs, request: FastifyRequest, fault: SignInFault, error: unknown): void {
  const asked = (request.query as Record<string, unknown>)['corpId']
  const corpId = openState(ctx, request)?.corpId ?? (typeof asked === 'string' ? asked : undefined)
  const member = error instanceof SignInRefused ? error.member : undefined
  const detail = detailOf(error)
  ctx.refusals.note({ request, corpId, member, place: 'sign-in', reason: fault, detail })
  if (corpId !== undefined && ctx.corps.find(corpId))
    ctx.signInLog.note({ request, corpId, way: 'wecom', member, reason: fault, detail })
}

function faultOf(error: unknown): SignInFault {
  if (error instanceof SignInRefused) return error.fault
  if (error instanceof WecomError) return error.errcode === 40029 ? 'code' : 'wecom'
  if (error instanceof WecomUnavailable) return 'upstream'
  throw error
}

type BeginNeeds = Core & { corps: Corps; offered: FeatureOffers }

function begin(ctx: BeginNeeds, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const query = request.query as Record<string, unknown>
  const { corp, agent } = wayOf(ctx, query['corpId'])
  const base = publicUrlOf(ctx, corp)
  // WeCom redirects to the corp's own address, so the cookie must be set on that host.
  if (new URL(base).host !== request.host && query['here'] === undefined) {
    const again = new URLSearchParams({ corpId: corp.corpId, to: wantedPage(ctx, request), here: '1' })
    if (query['consent'] !== undefined) again.set('consent', '1')
    return reply.redirect(`${base}/signin/wecom?${again}`)
  }
  const consent = query['consent'] !== undefined
  const wanted = { to: wantedPage(ctx, request), consent, isPressed: false }
  return reply.redirect(goToWecom(ctx, request, reply, { corp, agent }, wanted))
}

/**
 * What a button of the sign-in page begins: as `/signin/wecom`, but who comes back has done something for it. Only a call of our own
 * page leads here, and the state that says so is a cookie of this browser. On another host than the corp's own it leads to the
 * sign-in page there, since the cookie must be set on that host.
 */
export function beginByButton(
  ctx: BeginNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  given: { corpId: string | undefined; to: string; page: string },
): string {
  const chosen = wayOrRefusal(ctx, given.corpId)
  const base = publicUrlOf(ctx, chosen.corp)
  if (new URL(base).host !== request.host) return base + given.page
  return goToWecom(ctx, request, reply, chosen, { to: given.to, consent: false, isPressed: true })
}

/** Throws 1000, and 1009 for a corp that is suspended. */
function wayOrRefusal(ctx: { corps: Corps }, corpId: string | undefined): Way {
  try {
    if (corpId) checkTakesSignIns(ctx, corpId)
    return wayOf(ctx, corpId)
  } catch (error) {
    if (error instanceof ApiError) throw error
    const { what } = tellingOf({ place: 'sign-in', reason: faultOf(error) })
    throw new ApiError('badParameter', ownWords(what))
  }
}

/** Keeps in a cookie what was begun; returns WeCom's address. */
function goToWecom(
  ctx: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  { corp, agent }: Way,
  wanted: Pick<SignInState, 'to' | 'consent' | 'isPressed'>,
): string {
  const begun: SignInState = {
    // WeCom accepts only letters and digits here.
    state: randomBytes(24).toString('hex'),
    corpId: corp.corpId,
    agentId: agent.agentId,
    ...wanted,
    isInside: /wxwork|MicroMessenger/i.test(request.headers['user-agent'] ?? ''),
    at: ctx.now(),
  }
  const sealed = ctx.seal.seal(JSON.stringify(begun), purpose)
  setCookie(reply, cookieName(ctx, request, 'state'), sealed, stateMs / 1000, isSecure(ctx, request))
  return upstreamUrl(ctx, corp, agent, begun)
}

type Way = { corp: Corp; agent: Agent }

function wayOf(ctx: { corps: Corps }, asked: unknown): Way {
  const corp = typeof asked === 'string' && asked !== '' ? ctx.corps.find(asked) : ctx.corps.all()[0]
  if (!corp) throw new SignInRefused('corp')
  refuseSuspended(corp)
  const agent = corp.agents.find(one => one.uses.includes('signin'))
  if (!agent) throw new SignInRefused('agent')
  return { corp, agent }
}

/** In a restored corp it is known at the end of the sign-in whether somebody may come in. */
function refuseSuspended({ closure }: Corp): void {
  if (closure && closure.kind !== 'restored') throw new SignInRefused('suspended', closure.reason)
}

/**
 * Inside WeCom and WeChat people are already identified; elsewhere they scan a QR code. Asking for consent is
 * possible only inside.
 */
function upstreamUrl(ctx: Core, corp: Corp, agent: Agent, begun: SignInState): string {
  const common = {
    appid: corp.corpId,
    redirect_uri: `${publicUrlOf(ctx, corp)}/signin/callback`,
    state: begun.state,
    agentid: String(agent.agentId),
  }
  if (!begun.isInside && !begun.consent) {
    const query = new URLSearchParams({ login_type: 'CorpApp', ...common })
    return `${ctx.config.wecomQrUrl}/wwlogin/sso/login?${query}`
  }
  const scope = begun.consent ? 'snsapi_privateinfo' : 'snsapi_base'
  const query = new URLSearchParams({ ...common, response_type: 'code', scope })
  return `${ctx.config.wecomAuthorizeUrl}/connect/oauth2/authorize?${query}#wechat_redirect`
}

async function finish(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = request.query as Record<string, unknown>
  const begun = openState(ctx, request)
  // The state is valid once: anybody who repeats this redirect finds no cookie.
  setCookie(reply, cookieName(ctx, request, 'state'), '', 0, isSecure(ctx, request))
  if (!begun || begun.at + stateMs < ctx.now() || query['state'] !== begun.state)
    throw new SignInRefused('state')
  const { code } = query
  if (typeof code !== 'string' || code === '') throw new SignInRefused('denied')
  const corp = ctx.corps.find(begun.corpId)
  const agent = corp?.agents.find(one => one.agentId === begun.agentId)
  if (!corp || !agent) throw new SignInRefused('agent')
  refuseSuspended(corp)
  const who = await agent.client.getUserInfo(code)
  if (who.userid === undefined) throw new SignInRefused('outsider')
  // WeCom leads nobody to an address that is not the agent's trusted domain.
  await noteUse(ctx, corp.corpId, signInDomain, agent.agentId)
  const { userid } = who
  const find = () => knownMember(ctx, corp.corpId, userid)
  const member = await ctx.mirrors.during(corp.corpId, find, { userIds: [userid] })
  if (!member) throw new SignInRefused('unknown', userid)
  if (!mayAct(member)) {
    await noteAccountFailure(ctx, accountOf(corp.corpId, member, request))
    throw new SignInRefused('inactive', '', member)
  }
  if (begun.consent && who.user_ticket) await takeDetails(ctx, corp, agent, member, who.user_ticket)
  // Giving consent does not interrupt the session, so that open apps stay open.
  if (begun.consent) {
    const before = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
    if (before?.member?.id === member.id) return reply.redirect(begun.to)
  }
  const { corpId } = corp
  await enterMember(
    ctx,
    { corpId, member, isInside: begun.isInside },
    provedBy(begun),
    begun.isPressed,
    request,
    reply,
  ).catch(error => {
    throw isSessionsFull(error) ? new SignInRefused('sessions', '', member) : error
  })
  return reply.redirect(begun.to)
}

/** The QR code has to be scanned; within WeCom only a button shows that somebody is there. */
function provedBy({ isInside, isPressed, consent }: SignInState): SignInProof {
  if (!isInside && !consent) return { acr: 2, amr: ['qr'] }
  return { acr: isPressed ? 2 : 1, amr: ['wecom'] }
}

function accountOf(
  corpId: string,
  { userId: id, name }: MemberCore,
  { ip: address }: FastifyRequest,
): Account {
  return { corpId, id, name, address }
}

function openState(ctx: Core, request: FastifyRequest): SignInState | undefined {
  const sealed = readCookie(request, cookieName(ctx, request, 'state'))
  try {
    return sealed ? (JSON.parse(ctx.seal.open(sealed, purpose)) as SignInState) : undefined
  } catch {
    return undefined
  }
}

const newcomerMs = 3000

/** Asks WeCom about somebody who has only just joined; the sync then adds them. */
async function knownMember(
  ctx: Core & { inbox: Inbox; mirrors: Mirrors },
  corpId: string,
  userid: string,
): Promise<MemberCore | undefined> {
  const find = () => {
    const member = ctx.mirrors.of(corpId).members.byKey(userKey(userid))
    return member && isListed(member) ? member : undefined
  }
  const known = find()
  if (known) return known
  const entity = `user:${userKey(userid)}`
  await ctx.inbox.remind(ctx.db, { corpId, stream: 'directory', kind: 'read_again', entity, isHint: true })
  for (let waited = 0; waited < newcomerMs && !ctx.stopping.aborted; waited += 100) {
    await new Promise(resolve => setTimeout(resolve, 100))
    await ctx.mirrors.need(corpId, { userIds: [userid] })
    const found = find()
    if (found) return found
  }
  return undefined
}

/** Fetches the details that the member consented to share. A failure must not prevent the sign-in. */
async function takeDetails(
  ctx: Core & { inbox: Inbox; mirrors: Mirrors },
  corp: Corp,
  agent: Agent,
  member: MemberCore,
  ticket: string,
): Promise<void> {
  try {
    const { mobile = '', email = '', biz_mail = '', avatar = '' } = await agent.client.getUserDetail(ticket)
    const given = { memberId: member.id, mobile, email: email || biz_mail, avatar }
    await ctx.mirrors.during(corp.corpId, () =>
      supplementMembers(ctx, member.userId, corp.corpId, [given], 'consent'),
    )
  } catch (error) {
    ctx.log.warn({ corpId: corp.corpId, ...describeError(error) }, 'details not taken')
  }
}
