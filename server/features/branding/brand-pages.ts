import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Core } from '../../platform/core.ts'
import { escapeHtml } from '../../platform/http/answers/escape-html.ts'
import { answersHead } from '../../platform/http/files/assets.ts'
import { type Language, languageOf } from '../../platform/words.ts'
import type { Brand } from './brand.ts'
import { type Brands, logoPath, privacyPath } from './brands.ts'
import { coloursOf, ownColour } from './colours.ts'
import { fitLogo } from './fit-logo.ts'
import { findLogo } from './store.ts'

type Needs = Core & { brands: Brands; sessions: Sessions }

/** What anybody may open: logos by their hashes, and the privacy policy that is kept here. */
export function registerBrandPages(app: FastifyInstance, ctx: Needs): void {
  app.get(logoPath(':hash'), answersHead, (request, reply) => sendLogo(ctx, request, reply))
  app.get(privacyPath, answersHead, async (request, reply) => {
    const visitor = await ctx.sessions.findVisitor(request, false)
    const brand = ctx.brands.shownAt(request.host, visitor?.corpId)
    if (brand.privacy === '') return reply.callNotFound()
    if (brand.privacy !== privacyPath)
      return reply.header('cache-control', 'no-store').redirect(brand.privacy)
    return sendPolicy(reply, brand, languageOf(request.headers['accept-language']))
  })
}

/** An unknown hash asks no database. */
async function sendLogo(ctx: Needs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { hash } = request.params as { hash: string }
  const bytes = ctx.brands.hasLogo(hash) ? await findLogo(ctx.db, hash) : undefined
  reply.header('x-content-type-options', 'nosniff')
  if (!bytes)
    return reply
      .status(404)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send('没有这个文件\n')
  const etag = `"${hash}"`
  reply
    .header('etag', etag)
    .header('cache-control', 'public, max-age=31536000, immutable')
    .header('content-security-policy', "default-src 'none'; sandbox")
  return request.headers['if-none-match'] === etag
    ? reply.status(304).send()
    : reply.type('image/png').send(bytes)
}

const words = {
  zh: { title: '隐私政策', back: '返回首页' },
  en: { title: 'Privacy policy', back: 'Back to the start page' },
}

/** The text as it was entered, which is never markup. It needs no script. */
function sendPolicy(reply: FastifyReply, brand: Brand, language: Language): FastifyReply {
  const { title, back } = words[language]
  const nonce = randomBytes(16).toString('base64')
  const name = escapeHtml(brand.name || 'wisp')
  const { light, dark } = coloursOf(brand.colour || ownColour)
  const size = brand.logo && fitLogo(brand.logo, { width: 120, height: 36 })
  const logo = size
    ? `<img src="${brand.logo?.path}" alt="" width="${size.width}" height="${size.height}">`
    : ''
  const paragraphs = brand.privacyText
    .split(/\r?\n\s*\r?\n/)
    .map(one => `<p>${escapeHtml(one.trim()).replace(/\r?\n/g, '<br>')}</p>`)
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; img-src 'self'; style-src 'nonce-${nonce}'; base-uri 'none'`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${name}</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; --text: #1f2329; --quiet: #5f6672; --back: #f5f7fa; --surface: #fff; --line: #e5e8ee; --link: ${light.text}; }
  @media (prefers-color-scheme: dark) { :root { --text: #e6e8ec; --quiet: #a3a9b5; --back: #101216; --surface: #181b21; --line: #2c313a; --link: ${dark.text}; } }
  body { margin: 0; background: var(--back); color: var(--text);
    font: 15px/1.8 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif; }
  header, main, footer { max-width: 760px; margin: 0 auto; padding: 0 20px; box-sizing: border-box; }
  header { display: flex; gap: 10px; align-items: center; padding-top: 24px; padding-bottom: 16px; color: var(--quiet); }
  main { padding: 8px 28px 24px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); overflow-wrap: anywhere; }
  h1 { margin: 20px 0 8px; font-size: 22px; line-height: 32px; }
  p { margin: 0 0 16px; }
  footer { padding-top: 16px; padding-bottom: 32px; }
  a { color: var(--link); }
</style>
<header>${logo}<bdi>${name}</bdi></header>
<main>
<h1>${title}</h1>
${paragraphs.join('\n')}
</main>
<footer><a href="/">${back}</a></footer>
</html>
`)
}
