import type { FastifyInstance } from 'fastify'
import { type Assets, answersHead, sendAsset } from './assets.ts'

/** Nothing inline, nothing from elsewhere, and in no frame; pictures of a tried call come from memory. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Serves the site for developers as it was built: a page at its address without an extension, its Markdown at the same address
 * with `.md`. The address of a page shortened to its folder leads to the first page, whose navigation lists it. Anybody may read it.
 */
export function registerDocs(app: FastifyInstance, assets: () => Assets | undefined): void {
  for (const url of ['/docs', '/docs/*', '/docs.md'])
    app.get(url, answersHead, (request, reply) => {
      reply.header('content-security-policy', contentPolicy)
      const built = assets()
      const file = fileOf(request.url.split('?', 1)[0] ?? '')
      if (!built || built.has(file)) return sendAsset(request, reply, built, file)
      const shortened = /^(\/docs(?:\/en)?)\/(?:guides|reference|errors|examples)\.html$/.exec(file)
      if (shortened) return reply.redirect(shortened[1] ?? '')
      const missing = file.startsWith('/docs/en/') ? '/docs/en/404.html' : '/docs/404.html'
      reply.status(404).header('cache-control', 'no-store')
      return reply.type('text/html; charset=utf-8').send(built.get(missing)?.plain ?? '')
    })
}

/** `/docs/en/quick-start` is `/docs/en/quick-start.html`; the first page of a language is its `index`. */
function fileOf(path: string): string {
  const [, place = '', extension = '.html'] = /^(.*?)\/?(\.md)?$/.exec(path) ?? []
  return `${place}${/^\/docs(\/en)?$/.test(place) ? '/index' : ''}${extension}`
}
