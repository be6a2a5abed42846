import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { escapeHtml } from '../answers/escape-html.ts'
import { languageOf } from '../words.ts'

/** Calls of the interface document that lie below a page's address; none of them is answered with a page. */
export const documentedBelowPages = /^\/mobile\/unifiedPay\//

/** Whether a person opened this in a browser, rather than a program or a page asking for data. */
export function isOpenedByPerson(request: FastifyRequest): boolean {
  const isProgram =
    /^\/(api|web|admin|assets|sdk)\//.test(request.url) || documentedBelowPages.test(request.url)
  return request.method === 'GET' && !isProgram && /\btext\/html\b/.test(request.headers.accept ?? '')
}

const words = {
  zh: { title: '没有这个页面', hint: '地址可能写错了，或者页面已经移走。', back: '回到工作台' },
  en: {
    title: 'There is no such page',
    hint: 'The address may be mistyped, or the page has moved.',
    back: 'Back to the workbench',
  },
}

/**
 * The page for an address that leads nowhere. It needs no script and no other file. `owner` is what the organisation is called, if
 * it has a name of its own.
 */
export function sendNotFoundPage(request: FastifyRequest, reply: FastifyReply, owner: string): FastifyReply {
  const language = languageOf(request.headers['accept-language'])
  const { title, hint, back } = words[language]
  const nonce = randomBytes(16).toString('base64')
  return reply
    .status(404)
    .header('content-security-policy', `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'`)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${escapeHtml(owner || 'wisp')}</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; --text: #1f2329; --quiet: #646a73; --back: #f5f6f8; --link: #2468f2; }
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
  <p class="code">404</p>
  <h1>${title}</h1>
  <p>${hint}</p>
  <a href="/">${back}</a>
</main>
</html>
`)
}
