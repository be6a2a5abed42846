import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { setVisit } from './cookies.ts'
import type { Parts } from './parts.ts'
import { WispRefused } from './wisp-api.ts'

const folder = join(import.meta.dirname, 'pages')
const sdk = join(import.meta.dirname, '../../sdk/browser.js')
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * The addresses of the home page, the menu and the other entries in the app centre. All of them serve the
 * same page, which chooses its content by the address.
 */
export const views = [
  '/',
  '/people',
  '/popup',
  '/popup/inner',
  '/message',
  '/page/:name',
  '/approval',
  '/notice',
]

export function routePages(app: FastifyInstance, parts: Parts): void {
  const files = new Set(readdirSync(folder).filter(name => extname(name) in types))
  for (const view of views) {
    app.get(view, (request, reply) => {
      if (view === '/popup/inner') parts.onStep('popup')
      return open(parts, request, reply)
    })
  }
  app.get('/pages/sdk.js', (_request, reply) => reply.type(types['.js']!).send(readFileSync(sdk)))
  app.get<{ Params: { file: string } }>('/pages/:file', (request, reply) => {
    const { file } = request.params
    if (!files.has(file)) return reply.code(404).type('text/plain').send('not found')
    return send(parts, reply, file)
  })
}

/**
 * Exchanges a ticket for a session and redirects to the address without the ticket, so that the address can
 * be bookmarked or shared safely.
 */
async function open(parts: Parts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { jessionId } = request.query as Record<string, string | undefined>
  if (!jessionId) return send(parts, reply, 'index.html')
  try {
    const visit = await parts.visits.begin(jessionId)
    if (!visit) return send(parts, reply, 'index.html')
    setVisit(reply, visit)
    parts.onStep('app')
    return reply.redirect(withoutTicket(request.url))
  } catch (error) {
    if (!(error instanceof WispRefused)) throw error
    // The page repeats the call and shows what is wrong.
    return send(parts, reply, 'index.html')
  }
}

function withoutTicket(address: string): string {
  const url = new URL(address, 'http://sample')
  url.searchParams.delete('jessionId')
  return url.pathname + url.search
}

function send({ wispUrl }: Parts, reply: FastifyReply, file: string): FastifyReply {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${wispUrl}`,
    "style-src 'self'",
    `img-src 'self' ${wispUrl} data:`,
    `connect-src 'self' ${wispUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${wispUrl}`,
  ]
  return reply
    .header('content-security-policy', policy.join('; '))
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-cache')
    .type(types[extname(file)]!)
    .send(readFileSync(join(folder, file), 'utf8').replaceAll('WISP_URL', wispUrl))
}
