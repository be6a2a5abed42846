import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearSessionCookie, type Sessions } from '../../callers/sessions/sessions.ts'
import type { Core } from '../../platform/core.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import { sendSignInPage } from '../app-sign-in/pages/page.ts'
import { askToSignOut } from '../app-sign-in/pages/sign-out-words.ts'
import type { Brands } from '../branding/brands.ts'
import type { CasPlace } from './places.ts'
import { asked } from './query.ts'
import { addressOf, findService } from './services.ts'

export type LogoutNeeds = Core & { appSignIns: AppSignIns; brands: Brands; sessions: Sessions }

/**
 * Ends the person's session; all applications of it are told. Leads on only to a registered address. Any site can lead a person here, so
 * somebody who comes from another one is asked first; a browser says so itself, where it says anything.
 */
export async function logout(
  ctx: LogoutNeeds,
  { corpId, path }: CasPlace,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visitor = await ctx.sessions.findVisitor(request)
  if (visitor && request.headers['sec-fetch-site'] === 'cross-site')
    return sendSignInPage(ctx, request, reply, {
      corpId,
      title: askToSignOut.title,
      text: [askToSignOut.hint],
      links: [
        { href: request.url, words: askToSignOut.agree, isMain: true },
        { href: '/', words: askToSignOut.refuse },
      ],
    })
  if (visitor) await ctx.sessions.end(visitor.sessionId, 'app')
  clearSessionCookie(ctx, request, reply)
  const given = asked(request, 'service')
  const service = given ? findService(ctx, corpId, given) : undefined
  if (service) return reply.redirect(addressOf(service), 303)
  return sendSignInPage(ctx, request, reply, {
    corpId,
    title: { zh: '您已退出登录', en: 'You are signed out' },
    text: [
      {
        zh: '已通知您登录过的应用。用公共电脑时，请关闭浏览器的所有窗口。',
        en: 'The applications that you had entered have been told. On a shared computer, close all windows of the browser.',
      },
    ],
    links: [{ href: `${path}/login`, words: { zh: '重新登录', en: 'Sign in again' } }],
  })
}
