import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyReply } from 'fastify'

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
].join('; ')

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export interface PageOptions {
  /** What stands for `{{name}}` in the page. */
  words?: Record<string, string>
  /** Whose pages may show it in a frame, as in frame-ancestors; by default none may. */
  ancestors?: string
}

/** The files of a folder that can be sent. */
export const filesIn = (dir: string): ReadonlySet<string> =>
  new Set(readdirSync(dir).filter(name => extname(name) in types))

/** Sends a file of a page. */
export function sendPage(
  reply: FastifyReply,
  dir: string,
  file: string,
  { words = {}, ancestors = "'none'" }: PageOptions = {},
): FastifyReply {
  const page = readFileSync(join(dir, file), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_all, name) =>
    (words[name] ?? '').replaceAll(/[&<>"]/g, letter => escapes[letter] ?? letter),
  )
  return tell(reply, `${policy}; frame-ancestors ${ancestors}`).type(types[extname(file)]!).send(page)
}

/** Sends these scripts as one. */
export const sendScript = (reply: FastifyReply, ...paths: string[]): FastifyReply =>
  tell(reply, policy)
    .type(types['.js']!)
    .send(paths.map(path => readFileSync(path, 'utf8')).join('\n'))

const tell = (reply: FastifyReply, csp: string): FastifyReply =>
  reply
    .header('content-security-policy', csp)
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-cache')

/** Sends the file that a visitor names, if it is one of those. */
export const sendFile = (
  reply: FastifyReply,
  dir: string,
  files: ReadonlySet<string>,
  file: string,
): FastifyReply =>
  files.has(file) ? sendPage(reply, dir, file) : reply.code(404).type('text/plain').send('not found')
