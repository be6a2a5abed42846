import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { serveVendor } from '../sms/serve.ts'
import type { World } from '../world.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
// Pictures of news come from anywhere; nothing else does. Messages are hostile.
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

/** The pages for people: an index and the phones. What they show comes from /_sandbox/. */
export function routePages(app: FastifyInstance, world: World): void {
  const files = new Set(readdirSync(import.meta.dirname).filter(name => extname(name) in types))
  app.get('/', (request, reply) => serveVendor(world, request, reply) ?? send(reply, 'index.html'))
  app.get('/phone', (_request, reply) => send(reply, 'phone.html'))
  app.get<{ Params: { file: string } }>('/pages/:file', (request, reply) => {
    const { file } = request.params
    return files.has(file) ? send(reply, file) : reply.code(404).type('text/plain').send('not found')
  })
}

function send(reply: FastifyReply, file: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-cache')
    .type(types[extname(file)]!)
    .send(readFileSync(join(import.meta.dirname, file)))
}
