/**
 * People from outside WeCom sign in by a link in a mail. Opening it shows a page with a button and changes nothing, because scanners open
 * every link; the button signs in once, in the browser that asked, which has a sealed cookie. Who has the address is looked up behind the
 * answer, so that neither words nor time tell whether somebody has it.
 */

import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Protection } from '../../../callers/protection/protection.ts'
import { cookieName, isSecure, readCookie, setCookie } from '../../../callers/sessions/cookies.ts'
import type { Sessions } from '../../../callers/sessions/sessions.ts'
import { knownHere } from '../../../callers/sign-in/known-browser.ts'
import { openState, sealState } from '../../../callers/sign-in/sealed-state.ts'
import { tryCode } from '../../../callers/sign-in/sms-code/code.ts'
import { countAsk, countSent } from '../../../callers/sign-in/sms-code/code-limits.ts'
import type { SignInLog } from '../../../callers/sign-in-log/sign-in-log.ts'
import { publicUrlOf } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import {
  externalFeature,
  isExternal,
  type MemberCore,
} from '../../../organisation/directory/mirror/members.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import { idsByEmail } from '../../../organisation/directory/profile-store.ts'
import type { Three } from '../../../organisation/three/three.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { createUnderWay } from '../../../platform/operation/under-way.ts'
import type { ExternalNeeds } from '../people.ts'
import { type MailNeeds, sendMailTo } from './send-mail.ts'

export type MailLinkNeeds = ExternalNeeds &
  MailNeeds & {
    protection: Protection
    roles: Roles
    sessions: Sessions
    signInLog: SignInLog
    three: Three
  }

/** The token stands behind `?t=`: a part of a path has at most 100 characters. */
export const mailLinkPath = '/mail/sign-in'
const lastsMs = 15 * 60_000
const purpose = 'mail link'

/** `to`: the page to go on with, as an application sent the person here; '' for the workbench. */
type State = { id: string; corpId: string; email: string; to: string }
type Link = { id: string; corpId: string; until: number }

const underWay = createUnderWay(500)

/** Resolves when the links under way are sent, so that a node that stops, and a test, can wait for it. */
export const linksSent = () => underWay.settled()

/** Sends a link to whoever from outside has this address. The answer is the same if nobody has it. Throws 1000, 1009 and 1010. */
export async function askForLink(
  ctx: MailLinkNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  given: { corpId: string; email: string; to?: string | undefined },
): Promise<void> {
  const { corpId } = given
  checkOn(ctx, corpId, externalFeature)
  const email = given.email.trim().toLowerCase()
  if (!isMailAddress(email))
    throw new ApiError('badParameter', { zh: '请填写完整的邮箱地址', en: 'enter the whole mail address' })
  // The limits of codes by SMS, which are per receiver, network and corp.
  const wait = underWay.isFull()
    ? 1
    : await countAsk(ctx, {
        corpId,
        mobile: email,
        address: request.ip,
        isKnown: await isKnownHere(ctx, request, corpId, email),
      })
  if (wait !== undefined)
    throw new ApiError(
      'tooManyRequests',
      {
        zh: told`链接发送太频繁，请 ${own(Math.ceil(wait / 60))} 分钟后再试`,
        en: told`too many links were sent: try again in ${own(Math.ceil(wait / 60))} minutes`,
      },
      { retryAfterSeconds: wait },
    )
  const state: State = { id: randomBytes(12).toString('base64url'), corpId, email, to: given.to ?? '' }
  underWay.begin(send(ctx, state))
  const sealed = sealState(ctx, purpose, state, lastsMs)
  const secure = isSecure(ctx, request)
  setCookie(reply, cookieName(ctx, request, 'mail'), sealed, lastsMs / 1000, secure)
}

/** Of browsers in which somebody signed in before alone: strangers who ask use up nothing of its person's. */
async function isKnownHere(
  ctx: MailLinkNeeds,
  request: FastifyRequest,
  corpId: string,
  email: string,
): Promise<boolean> {
  const known = knownHere(ctx, request).filter(one => one.corpId === corpId)
  if (known.length === 0) return false
  const owner = await ownerOf(ctx, corpId, email)
  return known.some(one => one.memberId === owner?.id)
}

async function send(ctx: MailLinkNeeds, { id, corpId, email }: State): Promise<void> {
  try {
    const member = await ownerOf(ctx, corpId, email)
    if (!member || !(await countSent(ctx, corpId))) return
    const link: Link = { id, corpId, until: ctx.now() + lastsMs }
    const named = Buffer.from(JSON.stringify([link.corpId, link.id, link.until])).toString('base64url')
    const corp = ctx.corps.get(corpId)
    const url = `${publicUrlOf(ctx, corp)}${mailLinkPath}?t=${named}.${ctx.seal.sign(purpose, named)}`
    await sendMailTo(ctx, corpId, member, {
      agentName: corp.name,
      title: '登录链接',
      content: `请在申请链接的浏览器中打开下面的链接，15 分钟内有效，只能使用一次。不是您本人操作时，请忽略这封邮件。\n\nOpen the link in the browser in which you asked for it. It is valid for 15 minutes and can be used once.`,
      url,
      btntxt: '登录',
    })
  } catch (error) {
    ctx.log.warn({ corpId, ...describeError(error) }, 'link to sign in not sent')
  }
}

/** The one person from outside with this address. */
async function ownerOf(ctx: MailLinkNeeds, corpId: string, email: string): Promise<MemberCore | undefined> {
  return ctx.mirrors.during(corpId, async () => {
    const { members } = ctx.mirrors.of(corpId)
    const ids = await idsByEmail(ctx.db, corpId, email)
    const [found, other] = ids.flatMap(id => members.byId(id) ?? []).filter(isExternal)
    return other ? undefined : found
  })
}

/** What a link says; undefined for one that was altered or that wisp did not make. */
export function readLink({ seal }: Pick<MailLinkNeeds, 'seal'>, token: string): Link | undefined {
  const [, named = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(token) ?? []
  if (!seal.isSigned(purpose, named, signature)) return undefined
  const [corpId, id, until] = JSON.parse(Buffer.from(named, 'base64url').toString())
  return { corpId, id, until }
}

export type LinkTrouble = 'expired' | 'elsewhere' | 'used' | 'ended'

/** Why the link does not sign anybody in here, as far as that is known without using it. */
export function troubleOf(ctx: MailLinkNeeds, request: FastifyRequest, link: Link): LinkTrouble | undefined {
  if (link.until <= ctx.now()) return 'expired'
  const sealed = readCookie(request, cookieName(ctx, request, 'mail'))
  const state = sealed ? openState<State>(ctx, purpose, sealed) : undefined
  return state?.id === link.id && state.corpId === link.corpId ? undefined : 'elsewhere'
}

/** Uses the link: whose it is, or why not. Throws 1009 while the corp is suspended or has it switched off. */
export async function takeLink(
  ctx: MailLinkNeeds,
  request: FastifyRequest,
  link: Link,
): Promise<{ member: MemberCore; to: string } | { why: LinkTrouble }> {
  checkOn(ctx, link.corpId, externalFeature)
  const why = troubleOf(ctx, request, link)
  if (why) return { why }
  const sealed = readCookie(request, cookieName(ctx, request, 'mail')) ?? ''
  const { email, to } = openState<State>(ctx, purpose, sealed)!
  const { why: isUsed } = await tryCode(ctx, { corpId: link.corpId, of: `mail ${link.id}` }, () => true)
  if (isUsed) return { why: 'used' }
  const member = await ownerOf(ctx, link.corpId, email)
  return member ? { member, to } : { why: 'ended' }
}
