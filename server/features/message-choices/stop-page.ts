import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { homeOf } from '../../callers/sign-in/return-page.ts'
import { publicUrlOf } from '../../organisation/corps/corps.ts'
import { membersById } from '../../organisation/directory/store.ts'
import { smallBody } from '../../platform/http/bodies/body-size.ts'
import { takeAnything } from '../../platform/http/bodies/form.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { answersHead } from '../../platform/http/files/assets.ts'
import { type AttemptLimit, countAttempt } from '../../platform/security/counters.ts'
import { type SignInPage, sendSignInPage } from '../app-sign-in/pages/page.ts'
import type { Brands } from '../branding/brands.ts'
import type { MessageType } from '../message-types/catalog.ts'
import { readStopLink, type StopLink, stopPath } from './mail-link.ts'
import { type ChoiceNeeds, type MailStop, stopMails } from './put-choice.ts'

type Needs = ChoiceNeeds & { bodies: BodiesInProgress; brands: Brands }

/** Of one link: more than a mail program and its person need. */
const perLink: AttemptLimit = { purpose: 'mail-stop', atMost: 20, windowMs: 3_600_000 }

/**
 * The link at the foot of a mail. GET shows what it does and changes nothing, because scanners open every link; POST acts, from the page's
 * button or from a mail program (docs/upstream/mail-programs.md#one-click-unsubscription), which sends no cookie and follows no redirect, and
 * says `List-Unsubscribe=One-Click` as a form of either kind. A POST without that, such as a scanner's, is shown the page. A feature that is
 * switched off strands nobody: the link works all the same.
 */
export function registerStopPage(app: FastifyInstance, ctx: Needs): void {
  app.get(`${stopPath}:token`, answersHead, (request, reply) => answer(ctx, request, reply, showStop))
  app.register(async posts => {
    takeAnything(posts, ctx.bodies, smallBody)
    posts.post(`${stopPath}:token`, async (request, reply) => {
      ctx.bodies.end(request)
      return answer(ctx, request, reply, isOneClick(request.body) ? stop : showStop)
    })
  })
}

/** Of a form, or of one in parts (multipart/form-data). */
const isOneClick = (body: unknown) => /List-Unsubscribe"?(=|\s+)One-Click/.test(String(body))

/** `home`: the portal, or the phone's page. */
type KnownLink = { link: StopLink; type: MessageType; userId: string; address: string; home: string }

async function answer(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  act: (ctx: Needs, known: KnownLink) => Promise<SignInPage>,
): Promise<FastifyReply> {
  ctx.availability.check()
  const { token } = request.params as { token: string }
  const link = readStopLink(ctx, token)
  const type = link && ctx.messageTypes.find(link.corpId, link.typeKey)
  const [member] = type && link ? await membersById(ctx.db, link.corpId, [link.memberId]) : []
  if (!link || !type || !member) return sendSignInPage(ctx, request, reply, noLonger)
  const page = await act(ctx, {
    link,
    type,
    userId: member.userId,
    address: `${stopPath}${token}`,
    home: homeOf(request),
  })
  return sendSignInPage(ctx, request, reply, { ...page, corpId: link.corpId })
}

const noLonger: SignInPage = {
  status: 404,
  title: { zh: '链接无效', en: 'This link is not valid' },
  text: [
    {
      zh: '链接不完整，或者这类邮件已经取消。没有更改任何设置。请从邮件中重新打开链接。',
      en: 'The link is incomplete, or mails of this kind have ended. Nothing was changed. Open the link from the mail again.',
    },
  ],
}

async function showStop(_ctx: Needs, { type, address }: KnownLink): Promise<SignInPage> {
  const { name, level } = type.definition
  if (level !== 'normal') return mustArrive(name)
  return {
    title: { zh: `不再接收「${name}」邮件？`, en: `Stop mails about “${name}”?` },
    text: [
      {
        zh: '只停收这一类邮件，其他渠道的消息不受影响。',
        en: 'Only mails of this kind are stopped. Messages by other ways are not affected.',
      },
    ],
    form: {
      action: address,
      fields: { 'List-Unsubscribe': 'One-Click' },
      buttons: [{ words: { zh: '不再接收', en: 'Stop these mails' }, isMain: true }],
    },
  }
}

async function stop(ctx: Needs, known: KnownLink): Promise<SignInPage> {
  const { link, type, userId } = known
  const of = `${link.memberId} ${link.typeKey}`
  if ((await countAttempt(ctx, perLink, { corpId: link.corpId, of })).isOver) return tooOften
  const { name } = type.definition
  const done = await stopMails(ctx, { ...link, actor: userId }, type)
  return done === 'must arrive' ? mustArrive(name) : stopped(ctx, known, done)
}

function stopped(ctx: Needs, { link, type, home }: KnownLink, done: MailStop): SignInPage {
  const { name } = type.definition
  return {
    title:
      done === 'stopped'
        ? { zh: `已停收「${name}」邮件`, en: `Mails about “${name}” are stopped` }
        : { zh: `「${name}」邮件之前已停收`, en: `Mails about “${name}” were stopped before` },
    text: [
      {
        zh: '需要恢复时，登录后在「我的 → 消息设置」中打开邮件。',
        en: 'To get them again, sign in and turn mail on in Me → Message settings.',
      },
    ],
    links: [
      {
        href: `${publicUrlOf(ctx, ctx.corps.find(link.corpId))}${home}?me=messageChoices`,
        words: { zh: '打开消息设置', en: 'Open message settings' },
        isMain: true,
      },
    ],
  }
}

function mustArrive(name: string): SignInPage {
  return {
    status: 409,
    title: { zh: `「${name}」邮件不能停收`, en: `Mails about “${name}” cannot be stopped` },
    text: [
      {
        zh: '管理员已将这类消息设为必达或紧急。没有更改任何设置。',
        en: 'An administrator has made this kind one that must arrive, or urgent. Nothing was changed.',
      },
    ],
  }
}

const tooOften: SignInPage = {
  status: 429,
  title: { zh: '操作过于频繁', en: 'Too many attempts' },
  text: [
    {
      zh: '这个链接一小时内最多提交 20 次，请一小时后再试。',
      en: 'This link can be submitted 20 times within an hour. Try again in an hour.',
    },
  ],
}
