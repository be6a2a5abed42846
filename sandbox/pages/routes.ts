import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Input } from '../official/call.ts'
import { readWebRequest, WebRefused } from '../official/web/authorize.ts'
import { checkPage } from '../official/web/js-sdk.ts'
import { readRequest, signInPaths } from '../sign-in/read-request.ts'
import { SignInRefused } from '../sign-in/request.ts'
import { serveVendor } from '../sms/serve.ts'
import type { World } from '../state/world.ts'

const officialDir = join(import.meta.dirname, '../official/pages')
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
// Messages may contain hostile content, so only pictures of news may come from other hosts.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' http: https: data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const framedPolicy = policy.replace("frame-ancestors 'none'", 'frame-ancestors *')

/**
 * Serves the pages for people: an index, the phones, the corp, where it calls back, faults, the tour and the sign-in pages. Their
 * data comes from /_sandbox/.
 */
export function routePages(app: FastifyInstance, world: World): void {
  const filesIn = (dir: string) => new Set(readdirSync(dir).filter(name => extname(name) in types))
  const files = filesIn(import.meta.dirname)
  const officialFiles = filesIn(officialDir)
  app.get('/', (request, reply) => serveVendor(world, request, reply) ?? send(reply, 'index.html'))
  for (const name of ['phone', 'corp', 'callback', 'faults', 'tour'])
    app.get(`/${name}`, (_request, reply) => send(reply, `${name}.html`))
  app.get('/phone/official', (_request, reply) => send(reply, 'phone.html', {}, officialDir))
  app.get('/official/connect/oauth2/authorize', (request, reply) => sendAuthorize(world, request.url, reply))
  app.get('/official/open/js/jweixin-1.6.0.js', (_request, reply) =>
    send(reply, 'jweixin.js', {}, officialDir),
  )
  app.get<{ Querystring: Input }>('/official/open/js/check', (request, reply) =>
    reply.header('access-control-allow-origin', '*').send(checkPage(world.official, request.query)),
  )
  // It is shown in front of whatever page has WeChat's tag.
  app.get('/official/open/subscribe', (_request, reply) =>
    send(reply, 'subscribe.html', {}, officialDir, framedPolicy),
  )
  app.get<{ Params: { file: string } }>('/pages/official/:file', (request, reply) => {
    const { file } = request.params
    if (!officialFiles.has(file)) return reply.code(404).type('text/plain').send('not found')
    return send(reply, file, {}, officialDir)
  })
  for (const path of signInPaths) app.get(path, (request, reply) => sendSignIn(world, request.url, reply))
  app.get('/sign-in/confirm/:id', (_request, reply) => send(reply, 'sign-in.html'))
  app.get<{ Params: { file: string } }>('/pages/:file', (request, reply) => {
    const { file } = request.params
    return files.has(file) ? send(reply, file) : reply.code(404).type('text/plain').send('not found')
  })
}

/** Sends the sign-in page, or a page that says what is wrong with the address. */
function sendSignIn(world: World, address: string, reply: FastifyReply): FastifyReply {
  try {
    readRequest(world, address)
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    const code = error.code === undefined ? '' : `错误码：${error.code}`
    return send(reply.code(400), 'sign-in-refused.html', { text: error.message, code })
  }
  return send(reply, 'sign-in.html')
}

/** Sends the page of web authorisation, or a page that says why WeChat refuses the address. */
function sendAuthorize(world: World, address: string, reply: FastifyReply): FastifyReply {
  try {
    readWebRequest(world.official, address)
  } catch (error) {
    if (!(error instanceof WebRefused)) throw error
    return send(
      reply.code(400),
      'refused.html',
      { text: error.message, code: `错误码：${error.code}` },
      officialDir,
    )
  }
  return send(reply, 'authorize.html', {}, officialDir)
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Replaces `{{name}}` in the page by the value from `words`. */
function send(
  reply: FastifyReply,
  file: string,
  words: Record<string, string> = {},
  dir: string = import.meta.dirname,
  csp = policy,
): FastifyReply {
  const page = readFileSync(join(dir, file), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_all, name) =>
    (words[name] ?? '').replaceAll(/[&<>"]/g, letter => escapes[letter] ?? letter),
  )
  return reply
    .header('content-security-policy', csp)
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-cache')
    .type(types[extname(file)]!)
    .send(page)
}
