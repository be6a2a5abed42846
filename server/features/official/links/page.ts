import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageOf, type Words } from '../../../platform/words.ts'

export type LinkPage = {
  title: Words
  text: Words
  facts?: [Words, string][]
  links?: { href: string; words: Words; isMain?: boolean }[]
  confirm?: { action: string; token: string; words: Words }
}

/** A page for WeChat's own browser. It needs no script and no other file, and nobody may frame it. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, page: LinkPage): FastifyReply {
  const language = languageOf(request.headers['accept-language'])
  const nonce = randomBytes(16).toString('base64')
  const say = (words: Words) => escaped(words[language])
  const facts = page.facts
    ?.map(([name, value]) => `<div><dt>${say(name)}</dt><dd>${escaped(value)}</dd></div>`)
    .join('')
  const links = page.links
    ?.map(
      one =>
        `<a class="${one.isMain ? 'main' : ''}" rel="nofollow" href="${escaped(one.href)}">${say(one.words)}</a>`,
    )
    .join('')
  const form =
    page.confirm &&
    `<form method="post" action="${escaped(page.confirm.action)}"><input type="hidden" name="token" value="${escaped(page.confirm.token)}"><button class="main">${say(page.confirm.words)}</button></form>`
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say(page.title)} · wisp</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; --text: #1f2329; --quiet: #646a73; --back: #f5f6f8; --card: #fff; --link: #2468f2; }
  @media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --quiet: #9aa0a8; --back: #141414; --card: #1f1f1f; --link: #7aa5ff; } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text);
    font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif; }
  main { box-sizing: border-box; width: min(440px, 100%); padding: 32px 24px; background: var(--card); border-radius: 8px; }
  h1 { margin: 0 0 12px; font-size: 20px; }
  p { margin: 0 0 20px; color: var(--quiet); }
  dl { margin: 0 0 20px; }
  dl div { display: flex; gap: 12px; padding: 6px 0; }
  dt { flex: 0 0 96px; color: var(--quiet); }
  dd { margin: 0; overflow-wrap: anywhere; }
  a, button { display: block; box-sizing: border-box; width: 100%; padding: 12px; border: 0; border-radius: 6px; background: none;
    color: var(--link); font: inherit; text-align: center; text-decoration: none; cursor: pointer; }
  .main { background: #2468f2; color: #fff; }
</style>
<main>
  <h1>${say(page.title)}</h1>
  <p>${say(page.text)}</p>
  ${facts ? `<dl>${facts}</dl>` : ''}${links ?? ''}${form ?? ''}
</main>
</html>
`)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, one => `&#${one.charCodeAt(0)};`)
}
