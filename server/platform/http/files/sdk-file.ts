import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answersHead, sendMissing } from './assets.ts'
import { tarball } from './tarball.ts'

const sdk = resolve(import.meta.dirname, '../../../../sdk')

/**
 * Serves the SDK's browser part at `/sdk/wisp.js` and its inbox at `/sdk/inbox.js`, for `<script type="module">` on pages of any site, and
 * the whole package at `/sdk/wisp-sdk.tgz`, for `npm install` where there is no registry.
 */
export function registerSdkFile(app: FastifyInstance): void {
  for (const [path, file] of [
    ['/sdk/wisp.js', 'browser.js'],
    ['/sdk/inbox.js', 'inbox.js'],
  ] as const) {
    const script = withTag(readFileSync(join(sdk, file)))
    app.get(path, answersHead, (request, reply) => {
      reply
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'public, max-age=300')
      return send(request, reply, script, 'text/javascript; charset=utf-8')
    })
  }
  let archive: TaggedFile | undefined
  app.get('/sdk/wisp-sdk.tgz', answersHead, (request, reply) => {
    if (!existsSync(join(sdk, 'dist'))) return sendMissing(reply, 'SDK ')
    archive ??= withTag(tarball(packageFiles()))
    return send(request, reply.header('cache-control', 'no-cache'), archive, 'application/gzip')
  })
}

type TaggedFile = { bytes: Buffer; etag: string }

function withTag(bytes: Buffer): TaggedFile {
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { bytes, etag }: TaggedFile,
  type: string,
): FastifyReply {
  reply
    .header('access-control-allow-origin', '*')
    .header('x-content-type-options', 'nosniff')
    .header('etag', etag)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.type(type).send(bytes)
}

/** The files that `npm pack` takes, in the folder that it puts them in. */
function packageFiles(): Map<string, Buffer> {
  const { files } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as { files: string[] }
  const wanted = ['package.json', ...files]
  const names = readdirSync(sdk, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(sdk.length + 1))
    .filter(name => wanted.some(one => name === one || name.startsWith(`${one}/`)))
  return new Map(names.sort().map(name => [`package/${name}`, readFileSync(join(sdk, name))]))
}
