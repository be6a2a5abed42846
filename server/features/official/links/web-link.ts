import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mayCome } from '../../../callers/sign-in/ways/may-come.ts'
import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { takeForms } from '../../../platform/http/bodies/form.ts'
import type { BodiesInProgress } from '../../../platform/http/bodies/in-progress.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Words } from '../../../platform/words.ts'
import { authorizeUrl } from '../../../upstream/official/calls/web-oauth.ts'
import { explainErrcode, OfficialError, OfficialUnavailable } from '../../../upstream/official/errors.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { hashOf, link } from './links.ts'
import { sendPage } from './page.ts'
import * as store from './store.ts'

type Needs = Core & { accounts: Accounts; bodies: BodiesInProgress; corps: Corps; mirrors: Mirrors }

/** Told on the page, with HTTP 400. */
class LinkFault extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(words.en)
    this.words = words
  }
}

const outdated: Words = {
  zh: '这个链接已失效：五分钟内有效，且只能使用一次。请回到「我的」重新生成。',
  en: 'This link is no longer valid: it lasts five minutes and works once. Make a new one in 我的.',
}

const formAtMost = 1024

/**
 * The pages that a member opens in WeChat: what will happen, WeChat's own page, both names to confirm, and the end. Each step
 * has a secret of its own, which works once.
 */
export function registerLinkPages(app: FastifyInstance, ctx: Needs): void {
  app.get<{ Params: { token: string } }>('/official/link/:token', (request, reply) =>
    guarded(ctx, request, reply, () => offer(ctx, request, reply, request.params.token)),
  )
  app.get<{ Params: { token: string } }>('/official/link/:token/go', (request, reply) =>
    guarded(ctx, request, reply, () => ask(ctx, request, reply, request.params.token)),
  )
  app.get('/official/linked', (request, reply) =>
    guarded(ctx, request, reply, () => see(ctx, request, reply)),
  )
  app.register(async forms => {
    takeForms(forms, ctx.bodies, formAtMost)
    forms.post('/official/linked', (request, reply) => {
      ctx.bodies.end(request)
      return guarded(ctx, request, reply, () => confirm(ctx, request, reply))
    })
  })
}

async function guarded(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  step: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    ctx.availability.check()
    return await step()
  } catch (error) {
    const words = wordsOf(error)
    ctx.log.warn({ requestId: request.id, ...describeError(error) }, 'follower not linked')
    return sendPage(request, reply.status(400), {
      title: { zh: '没有绑定', en: 'Not linked' },
      text: words,
    })
  }
}

function wordsOf(error: unknown): Words {
  if (error instanceof LinkFault) return error.words
  if (error instanceof OfficialError) {
    if (error.errcode === 40029 || error.errcode === 40163) return outdated
    const { text } = explainErrcode(error.errcode)
    return {
      zh: `微信返回 ${error.errcode}：${text.zh}（rid: ${error.rid || '无'}）`,
      en: `WeChat answered ${error.errcode}: ${text.en} (rid: ${error.rid || 'none'})`,
    }
  }
  if (error instanceof OfficialUnavailable)
    return {
      zh: '微信没有应答，请重新生成链接再试',
      en: 'WeChat did not answer: make a new link and try again',
    }
  throw error
}

async function offer(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  const found = await store.findRequest(ctx.db, 'offered', hashOf(ctx, token), new Date(ctx.now()))
  const { account, member, corpName } = await partiesOf(ctx, found)
  return sendPage(request, reply, {
    title: { zh: '绑定微信', en: 'Link your WeChat' },
    text: {
      zh: `将把您的微信（公众号「${account.name}」的粉丝）与「${corpName}」的成员 ${member.name} 绑定。下一步由微信确认您是谁。`,
      en: `Your WeChat, as a follower of “${account.name}”, will be linked to ${member.name} of “${corpName}”. WeChat is asked next who you are.`,
    },
    links: [
      { href: `/official/link/${token}/go`, words: { zh: '继续', en: 'Go on' }, isMain: true },
      {
        href: `/official/link/${token}/go?profile=1`,
        words: { zh: '继续，并提供我的微信昵称和头像', en: 'Go on, and show my WeChat nickname and picture' },
      },
    ],
  })
}

async function ask(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  const state = ctx.newId()
  const withProfile = (request.query as Record<string, unknown>)['profile'] === '1'
  const found = await store.advanceRequest(
    ctx.db,
    { step: 'offered', secretHash: hashOf(ctx, token) },
    { step: 'asked', secretHash: hashOf(ctx, state), withProfile },
    new Date(ctx.now()),
  )
  const { account } = await partiesOf(ctx, found)
  const base = publicUrlOf(ctx, ctx.corps.find(account.corpId))
  const { appId } = account
  const given = { appId, redirectUri: `${base}/official/linked`, state, withProfile }
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(authorizeUrl(ctx.config.officialAuthorizeUrl, given))
}

async function see(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { code, state } = request.query as Record<string, unknown>
  const token = ctx.newId()
  const secretHash = hashOf(ctx, token)
  const found = await store.advanceRequest(
    ctx.db,
    { step: 'asked', secretHash: hashOf(ctx, String(state ?? '')) },
    { step: 'seen', secretHash },
    new Date(ctx.now()),
  )
  const { account, member, corpName } = await partiesOf(ctx, found)
  if (typeof code !== 'string' || code === '')
    throw new LinkFault({
      zh: '您没有同意，什么都没有绑定。',
      en: 'You did not agree, and nothing was linked.',
    })
  const visitor = await account.visitorOf(code, found?.withProfile === true)
  if (visitor.isSnapshot)
    throw new LinkFault({
      zh: '这是微信的快照页，看不出您是谁。请重新生成链接，打开后点「使用完整服务」。',
      en: 'This is a snapshot page of WeChat, which does not tell who you are. Make a new link, and choose 使用完整服务 when it opens.',
    })
  const { openid, unionid, nickname, avatar } = visitor
  await store.notePerson(ctx.db, secretHash, { openid, unionid, nickname, avatar })
  const who = nickname || openid
  return sendPage(request, reply, {
    title: { zh: '请确认', en: 'Please confirm' },
    text: {
      zh: '两边都是您本人时才确认。绑定后，企业发给您的消息可以送到这个微信；随时可以在「我的」中解除。',
      en: 'Confirm only if both are you. Messages of your organisation can then reach this WeChat. You can unlink it in 我的 at any time.',
    },
    facts: [
      [{ zh: '微信', en: 'WeChat' }, who],
      [{ zh: '公众号', en: 'Official account' }, account.name],
      [{ zh: '成员', en: 'Member' }, `${member.name}（${member.userId}）`],
      [{ zh: '企业', en: 'Organisation' }, corpName],
    ],
    confirm: { action: '/official/linked', token, words: { zh: '确认绑定', en: 'Confirm' } },
  })
}

async function confirm(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const given = (request.body as Record<string, unknown> | undefined)?.['token']
  const secretHash = hashOf(ctx, String(given ?? ''))
  const now = new Date(ctx.now())
  const parties = await partiesOf(ctx, await store.findRequest(ctx.db, 'seen', secretHash, now))
  const { account, member } = parties
  const why = await ctx.db.transaction().execute(async tx => {
    const taken = await store.takeRequest(tx, 'seen', secretHash, now)
    if (!taken?.openid) return outdated
    const person = { ...taken, openid: taken.openid }
    return link(tx, ctx, account, person, { id: member.id, actor: member.userId })
  })
  if (why) throw new LinkFault(why)
  return sendPage(request, reply, {
    title: { zh: '已绑定', en: 'Linked' },
    text: {
      zh: `您的微信已与成员 ${member.name} 绑定，可以关闭此页。`,
      en: `Your WeChat is linked to ${member.name}. You can close this page.`,
    },
  })
}

type Parties = { account: Account; member: MemberCore; corpName: string }

/** Whom a request is about. Throws when it is none, or when the account or the member may no longer be linked. */
async function partiesOf(ctx: Needs, request: store.LinkRequest | undefined): Promise<Parties> {
  const account = request && ctx.accounts.find(request.originalId)
  const corp = request && ctx.corps.find(request.corpId)
  if (!account?.enabled || !corp || corp.closure) throw new LinkFault(outdated)
  const member = await ctx.mirrors.during(corp.corpId, () =>
    ctx.mirrors.of(corp.corpId).members.byId(request.memberId),
  )
  if (!member || !(await mayCome(ctx, corp.corpId, member))) throw new LinkFault(outdated)
  return { account, member, corpName: corp.name }
}
