import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A built file, and its compressed forms, which were made by the build. */
type Asset = { type: string; etag: string; plain: Buffer; br: Buffer | undefined; gzip: Buffer | undefined }
/** By their paths below the folder of built pages, from `/` on. */
export type Assets = ReadonlyMap<string, Asset>

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.atom': 'application/atom+xml; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
}

/** For routes that link checkers and monitors ask by HEAD. Calls and sign-in do not take it: a HEAD must change nothing. */
export const answersHead = { exposeHeadRoute: true } as const

/** App URLs carry tickets, so no other site may learn the page that somebody came from. */
export function harden(reply: FastifyReply): void {
  reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin')
}

export function sendMissing(reply: FastifyReply, what = '页面'): FastifyReply {
  return reply
    .status(503)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send(`${what}还没有构建。请运行 npm run build，然后刷新。\n`)
}

export function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  assets: Assets | undefined,
  path = request.url.split('?', 1)[0] ?? '',
): FastifyReply {
  harden(reply)
  if (!assets) return sendMissing(reply)
  const asset = assets.get(path)
  if (!asset) {
    return reply
      .status(404)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8')
      .send('没有这个文件\n')
  }
  reply
    .header('etag', asset.etag)
    .header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '))
    .header(
      'cache-control',
      path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, no-cache',
    )
  if (request.headers['if-none-match'] === asset.etag) return reply.status(304).send()
  const accepted = request.headers['accept-encoding'] ?? ''
  reply.type(asset.type)
  if (asset.br && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.br)
  if (asset.gzip && /\bgzip\b/.test(accepted))
    return reply.header('content-encoding', 'gzip').send(asset.gzip)
  return reply.send(asset.plain)
}

/** Reads all files of a known type. */
export function readAssets(dir: string): Assets {
  const assets = new Map<string, Asset>()
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)]
    if (!type) continue
    const path = join(dir, name)
    const plain = readFileSync(path)
    const optional = (suffix: string) => (existsSync(path + suffix) ? readFileSync(path + suffix) : undefined)
    const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
    const asset = { type, etag, plain, br: optional('.br'), gzip: optional('.gz') }
    assets.set(`/${name.split(sep).join('/')}`, asset)
  }
  return assets
}
