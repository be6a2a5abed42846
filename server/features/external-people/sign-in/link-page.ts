import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { enterMember } from '../../../callers/sign-in/member-session.ts'
import { homeOf, ownPage } from '../../../callers/sign-in/return-page.ts'
import { smallBody } from '../../../platform/http/bodies/body-size.ts'
import { takeAnything } from '../../../platform/http/bodies/form.ts'
import type { BodiesInProgress } from '../../../platform/http/bodies/in-progress.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { answersHead } from '../../../platform/http/files/assets.ts'
import { type SignInPage, sendSignInPage } from '../../app-sign-in/pages/page.ts'
import {
  type LinkTrouble,
  type MailLinkNeeds,
  mailLinkPath,
  readLink,
  takeLink,
  troubleOf,
} from './mail-link.ts'

type Needs = MailLinkNeeds & { bodies: BodiesInProgress }

/** GET shows the button and uses nothing up; POST, which scanners do not send with the browser's cookie, signs in. */
export function registerLinkPage(app: FastifyInstance, ctx: Needs): void {
  app.get(mailLinkPath, answersHead, (request, reply) => show(ctx, request, reply))
  app.register(async posts => {
    takeAnything(posts, ctx.bodies, smallBody)
    posts.post(mailLinkPath, async (request, reply) => {
      ctx.bodies.end(request)
      return signIn(ctx, request, reply)
    })
  })
}

const tokenOf = (request: FastifyRequest) => {
  const { t } = request.query as { t?: unknown }
  return typeof t === 'string' ? t : ''
}

async function show(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  ctx.availability.check()
  const link = readLink(ctx, tokenOf(request))
  const why = link ? troubleOf(ctx, request, link) : 'expired'
  if (!link || why) return sendSignInPage(ctx, request, reply, troublePage(why ?? 'expired'))
  return sendSignInPage(ctx, request, reply, {
    corpId: link.corpId,
    title: { zh: '登录', en: 'Sign in' },
    text: [
      {
        zh: '点击“登录”后，您在这个浏览器中登录。链接只能使用一次。',
        en: 'Press Sign in to sign in in this browser. The link can be used once.',
      },
    ],
    form: {
      action: `${mailLinkPath}?t=${tokenOf(request)}`,
      fields: { press: '1' },
      buttons: [{ words: { zh: '登录', en: 'Sign in' }, isMain: true }],
    },
  })
}

async function signIn(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  ctx.availability.check()
  const link = readLink(ctx, tokenOf(request))
  if (!link) return sendSignInPage(ctx, request, reply, troublePage('expired'))
  const { corpId } = link
  let to: string | undefined
  try {
    const taken = await takeLink(ctx, request, link)
    if ('why' in taken) {
      ctx.signInLog.note({ request, corpId, way: 'mail', reason: 'code' })
      return sendSignInPage(ctx, request, reply, { corpId, ...troublePage(taken.why) })
    }
    const { member } = taken
    to = ownPage(ctx, taken.to)
    await enterMember(ctx, { corpId, member }, { acr: 2, amr: ['mail'] }, true, request, reply)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const words = { zh: error.messageIn('zh'), en: error.messageIn('en') }
    return sendSignInPage(ctx, request, reply, {
      corpId,
      status: 403,
      title: { zh: '不能登录', en: 'Not signed in' },
      text: [words],
    })
  }
  return reply.redirect(to ?? homeOf(request), 303)
}

const troubles: Record<LinkTrouble, { title: SignInPage['title']; text: SignInPage['title'] }> = {
  expired: {
    title: { zh: '链接已失效', en: 'This link has expired' },
    text: {
      zh: '登录链接 15 分钟内有效，或者链接不完整。请回到登录页，重新获取链接。',
      en: 'A link is valid for 15 minutes, or it is incomplete. Ask for another one on the sign-in page.',
    },
  },
  elsewhere: {
    title: { zh: '请在申请链接的浏览器中打开', en: 'Open this link in the browser that asked for it' },
    text: {
      zh: '这个浏览器没有申请过这个链接，可能是另一台设备或另一个浏览器申请的。链接没有被使用。请把链接复制到那个浏览器中打开，或在这里的登录页重新获取链接。',
      en: 'This browser did not ask for the link: another device or browser did. The link was not used. Open it there, or ask for another one on the sign-in page here.',
    },
  },
  used: {
    title: { zh: '链接已使用', en: 'This link was used' },
    text: {
      zh: '每个登录链接只能使用一次。需要再次登录时，请在登录页重新获取链接。',
      en: 'A link can be used once. Ask for another one on the sign-in page.',
    },
  },
  ended: {
    title: { zh: '账号已到期或已停用', en: 'The account has ended' },
    text: {
      zh: '这个邮箱没有可用的外部人员账号。请联系您的担保人。',
      en: 'No account from outside WeCom has this address now. Ask your sponsor.',
    },
  },
}

function troublePage(why: LinkTrouble): SignInPage {
  const { title, text } = troubles[why]
  return {
    status: why === 'elsewhere' ? 403 : 410,
    title,
    text: [text],
    links: [{ href: '/signin', words: { zh: '回到登录页', en: 'Go to the sign-in page' }, isMain: true }],
  }
}
