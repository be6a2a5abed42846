import type { FastifyInstance, FastifyRequest } from 'fastify'
import { languageAsked } from '../../words.ts'
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

/** `/docs` is the first page in the language that the browser asks for; all other addresses name theirs. */
function isForEnglish(request: FastifyRequest): boolean {
  return /^\/docs\/?(\?|$)/.test(request.url) && languageAsked(request) === 'en'
}

/**
 * Serves the site for developers as it was built: a page at its address without an extension, its Markdown at the same address
 * with `.md`. A page that has moved is answered with 301. No sign-in is needed.
 */
export function registerDocs(
  app: FastifyInstance,
  assets: () => Assets | undefined,
  publicUrl: () => string,
): void {
  // What needs whole addresses was built before anybody knew them.
  for (const name of ['changelog.atom', 'sitemap.xml'])
    app.get(`/docs/${name}`, answersHead, (request, reply) => {
      const built = assets()
      const file = built?.get(`/docs/${name}`)
      if (!file) return sendAsset(request, reply, built)
      const text = file.plain.toString().replaceAll('https://wisp.example.com', publicUrl())
      return reply.header('cache-control', 'no-cache').type(file.type).send(text)
    })
  for (const url of ['/docs', '/docs/*', '/docs.md'])
    app.get(url, answersHead, (request, reply) => {
      reply.header('content-security-policy', contentPolicy)
      if (url === '/docs') reply.header('vary', 'accept-language')
      if (isForEnglish(request)) return reply.header('cache-control', 'no-cache').redirect('/docs/en', 302)
      const built = assets()
      const file = fileOf(request.url.split('?', 1)[0] ?? '')
      if (!built || built.has(file)) return sendAsset(request, reply, built, file)
      const present = movedTo(file, built)
      if (present) return reply.header('cache-control', 'no-cache').redirect(present, 301)
      const missing = file.startsWith('/docs/en/') ? '/docs/en/404.html' : '/docs/404.html'
      reply.status(404).header('cache-control', 'no-store')
      return reply.type('text/html; charset=utf-8').send(built.get(missing)?.plain ?? '')
    })
}

/** `/docs/en/start/quick-start` is `/docs/en/start/quick-start.html`; the first page of a language is its `index`. */
function fileOf(path: string): string {
  const [, place = '', extension = '.html'] = /^(.*?)\/?(\.md)?$/.exec(path) ?? []
  return `${place}${/^\/docs(\/en)?$/.test(place) ? '/index' : ''}${extension}`
}

/**
 * The present address of a page that has moved, by `/docs/moved.json` of the built pages: former name to present name, without
 * language and extension. Undefined where it never was one.
 */
function movedTo(file: string, built: Assets): string | undefined {
  const [, folder = '', name = '', extension = ''] = /^(\/docs(?:\/en)?)\/(.+)\.(html|md)$/.exec(file) ?? []
  const moved: Record<string, string> = JSON.parse(built.get('/docs/moved.json')?.plain.toString() ?? '{}')
  return Object.hasOwn(moved, name) ? `${folder}/${moved[name]}${extension === 'md' ? '.md' : ''}` : undefined
}
