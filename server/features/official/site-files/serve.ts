import type { FastifyInstance } from 'fastify'
import type { Core } from '../../../platform/core.ts'
import { answersHead } from '../../../platform/http/files/assets.ts'
import { siteFileName } from './site-files.ts'
import { findSiteFile } from './store.ts'

/** Serves the files at the root: WeChat asks for `https://<domain>/MP_verify_….txt`. Other paths never reach this. */
export function registerSiteFiles(app: FastifyInstance, ctx: Core): void {
  for (const path of ['/MP_verify_*', '/WW_verify_*'])
    app.get(path, answersHead, async (request, reply) => {
      const name = request.url.slice(1).split('?', 1)[0] ?? ''
      ctx.availability.check()
      const content = siteFileName.test(name) ? await findSiteFile(ctx.db, name) : undefined
      if (content === undefined) return reply.callNotFound()
      return reply
        .header('content-type', 'text/plain; charset=utf-8')
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'no-store')
        .send(content)
    })
}
