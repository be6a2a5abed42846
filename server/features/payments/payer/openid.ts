import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cookieName, isSecure, readCookie, setCookie } from '../../../callers/sessions/cookies.ts'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import { keepRefusal } from '../../../callers/sign-in/refused/shown-refusal.ts'
import { openState, sealState } from '../../../callers/sign-in/sealed-state.ts'
import { publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { authorizeUrl } from '../../../upstream/official/calls/web-oauth.ts'
import { OfficialError, OfficialUnavailable } from '../../../upstream/official/errors.ts'
import { whyNot } from '../../official/accounts/abilities.ts'
import type { Account, Accounts } from '../../official/accounts/accounts.ts'
import type { Merchant } from '../merchants/merchants.ts'
import { type Payer, type PayerNeeds, payerOf } from './payer.ts'

type Needs = PayerNeeds & { accounts: Accounts; sessions: Sessions }

/** Why WeChat did not tell who pays, as the page receives it. */
type Fault = 'state' | 'denied' | 'snapshot' | 'weixin'

type OpenidQuestion = {
  state: string
  corpId: string
  memberId: number
  originalId: string
  bills: readonly number[]
}
type PayerOpenid = { appId: string; openid: string; corpId: string; memberId: number }

const askedPurpose = 'payer.asked'
const askedMs = 10 * 60_000
const knownPurpose = 'payer.openid'
const knownMs = 12 * 3_600_000

/** The service account that can tell who pays to this merchant: its AppID is bound to it, and it may authorise pages. */
export function accountFor(
  ctx: { accounts: Accounts },
  corpId: string,
  merchant: Merchant,
): Account | undefined {
  return ctx.accounts
    .ofCorp(corpId)
    .find(
      account =>
        account.enabled && merchant.appIds.includes(account.appId) && !whyNot(account, 'webAuthorisation'),
    )
}

/** The openid that WeChat told before in this browser, for this payer and this account. */
export function knownOpenid(
  ctx: Core,
  request: FastifyRequest,
  { corpId, member }: Payer,
  appId: string,
): string | undefined {
  const sealed = readCookie(request, cookieName(ctx, request, 'openid'))
  const known = sealed ? openState<PayerOpenid>(ctx, knownPurpose, sealed) : undefined
  const isSame = known?.appId === appId && known.corpId === corpId && known.memberId === member.id
  return isSame ? known.openid : undefined
}

/** Where to ask WeChat who is in front of the page; it comes back to /pay/openid, and from there to these bills. */
export function askWeixin(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  payer: Payer,
  { account, bills }: { account: Account; bills: readonly number[] },
): string {
  const { corpId, member } = payer
  // Letters and digits are all that WeChat takes here.
  const state = randomBytes(24).toString('hex')
  const asked: OpenidQuestion = { state, corpId, memberId: member.id, originalId: account.originalId, bills }
  const sealed = sealState(ctx, askedPurpose, asked, askedMs)
  setCookie(reply, cookieName(ctx, request, 'asked'), sealed, askedMs / 1000, isSecure(ctx, request))
  const base = publicUrlOf(ctx, ctx.corps.find(corpId))
  const given = { appId: account.appId, redirectUri: `${base}/pay/openid`, state, withProfile: false }
  return authorizeUrl(ctx.config.officialAuthorizeUrl, given)
}

/** WeChat comes back with a code. */
export function registerPayerOpenid(app: FastifyInstance, ctx: Needs): void {
  app.get('/pay/openid', async (request, reply) => {
    ctx.availability.check()
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
    const name = cookieName(ctx, request, 'asked')
    const asked = openState<OpenidQuestion>(ctx, askedPurpose, readCookie(request, name) ?? '')
    // A state is good once: there is no cookie any more when the address is opened again.
    setCookie(reply, name, '', 0, isSecure(ctx, request))
    const bills = (asked?.bills ?? []).join(',')
    const told = await learnOpenid(ctx, request, asked)
    if ('openid' in told) {
      const sealed = sealState(ctx, knownPurpose, told, knownMs)
      setCookie(reply, cookieName(ctx, request, 'openid'), sealed, knownMs / 1000, isSecure(ctx, request))
      return reply.redirect(`/pay/?${new URLSearchParams({ go: bills })}`)
    }
    const { fault, detail = '' } = told
    if (detail !== '') keepRefusal(ctx, request, reply, { fault, detail })
    const query = { fault, ...(detail === '' ? {} : { refused: request.id }), ...(bills ? { bills } : {}) }
    return reply.redirect(`/pay/?${new URLSearchParams(query)}`)
  })
}

async function learnOpenid(
  ctx: Needs,
  request: FastifyRequest,
  asked: OpenidQuestion | undefined,
): Promise<PayerOpenid | { fault: Fault; detail?: string }> {
  const { code, state } = request.query as Record<string, unknown>
  if (!asked || state !== asked.state) return { fault: 'state' }
  const { corpId, memberId, originalId } = asked
  const visitor = ctx.sessions.visitorOf(request) ?? (await ctx.sessions.findVisitor(request))
  const payer = await payerOf(ctx, request, visitor).catch(error => {
    if (error instanceof ApiError) return undefined
    throw error
  })
  const account = ctx.accounts.find(originalId)
  if (payer?.corpId !== corpId || payer.member.id !== memberId || account?.corpId !== corpId)
    return { fault: 'state' }
  if (typeof code !== 'string' || code === '') return { fault: 'denied' }
  try {
    const { openid, isSnapshot } = await account.visitorOf(code, false)
    return isSnapshot ? { fault: 'snapshot' } : { appId: account.appId, openid, corpId, memberId }
  } catch (error) {
    if (!(error instanceof OfficialError) && !(error instanceof OfficialUnavailable)) throw error
    ctx.log.warn({ requestId: request.id, ...describeError(error) }, 'payer not recognised')
    return { fault: 'weixin', detail: error instanceof OfficialError ? String(error.errcode) : '' }
  }
}
