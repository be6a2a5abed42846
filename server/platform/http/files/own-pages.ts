import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Language, languageOf, type Words } from '../../words.ts'
import { escapeHtml } from '../answers/escape-html.ts'

/** Calls of the interface document that lie below a page's address; none of them is answered with a page. */
export const documentedBelowPages = /^\/mobile\/unifiedPay\//

/** Whether a person opened this in a browser, rather than a program or a page asking for data. */
export function isOpenedByPerson(request: FastifyRequest): boolean {
  const isProgram =
    /^\/(api|web|admin|assets|sdk)\//.test(request.url) || documentedBelowPages.test(request.url)
  return request.method === 'GET' && !isProgram && /\btext\/html\b/.test(request.headers.accept ?? '')
}

/** A page of our own in place of what was asked for. `owner` is what the organisation is called, if it has a name of its own. */
type OwnPage = {
  status: number
  code: string
  title: Words
  hint: Words
  link: { href: string; words: Words }
}

const notFound: OwnPage = {
  status: 404,
  code: '404',
  title: { zh: '没有这个页面', en: 'There is no such page' },
  hint: {
    zh: '地址可能写错了，或者页面已经移走。',
    en: 'The address may be mistyped, or the page has moved.',
  },
  link: { href: '/', words: { zh: '回到工作台', en: 'Back to the workbench' } },
}

/** The link opens the same address again. */
const away: OwnPage = {
  status: 503,
  code: '503',
  title: { zh: '服务暂时不可用', en: 'The service is not available' },
  hint: { zh: '请稍后再试，不用重新开始。', en: 'Try again in a moment; you need not begin anew.' },
  link: { href: '', words: { zh: '再试一次', en: 'Try again' } },
}

/** The page for an address that leads nowhere. */
export function sendNotFoundPage(request: FastifyRequest, reply: FastifyReply, owner: string): FastifyReply {
  return send(request, reply, owner, notFound)
}

/** In place of any page while the database is away. */
export function sendAwayPage(request: FastifyRequest, reply: FastifyReply, owner: string): FastifyReply {
  return send(request, reply, owner, away)
}

/**
 * It needs no script and no other file. What is wrong it says in both languages, because whoever is asked about it may read only the
 * other.
 */
function send(request: FastifyRequest, reply: FastifyReply, owner: string, page: OwnPage): FastifyReply {
  const language = languageOf(request.headers['accept-language'])
  const other: Language = language === 'zh' ? 'en' : 'zh'
  const { status, code, title, hint, link } = page
  const nonce = randomBytes(16).toString('base64')
  return reply
    .status(status)
    .header('content-security-policy', `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'`)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title[language]} · ${escapeHtml(owner || 'wisp')}</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; --text: #1f2329; --quiet: #646a73; --back: #f5f6f8; --link: #1f5fe0; }
  @media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --quiet: #9aa0a8; --back: #141414; --link: #7aa5ff; } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text);
    font: 14px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif; }
  main { padding: 32px; text-align: center; }
  p.code { margin: 0; font-size: 56px; line-height: 1.2; font-weight: 600; color: var(--quiet); }
  h1 { margin: 8px 0; font-size: 20px; }
  p { margin: 0 0 24px; color: var(--quiet); }
  a { color: var(--link); }
</style>
<main>
  <p class="code">${code}</p>
  <h1>${title[language]}</h1>
  <p>${hint[language]}</p>
  <p lang="${other === 'zh' ? 'zh-CN' : 'en'}">${title[other]}<br>${hint[other]}</p>
  <a href="${link.href}">${link.words[language]}</a>
</main>
</html>
`)
}
