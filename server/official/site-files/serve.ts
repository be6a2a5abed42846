import type { FastifyInstance } from 'fastify'
import type { Core } from '../../core.ts'
import { siteFileName } from './site-files.ts'
import { findSiteFile } from './store.ts'

/** Serves the files at the root: WeChat asks for `https://<domain>/MP_verify_….txt`. Other names never reach this route. */
export function registerSiteFiles(app: FastifyInstance, ctx: Core): void {
  const pattern = siteFileName.source.replace('^', '').replace('$', '')
  app.get<{ Params: { name: string } }>(`/:name(^${pattern}$)`, async (request, reply) => {
    ctx.availability.check()
    const content = await findSiteFile(ctx.db, request.params.name)
    if (content === undefined) return reply.callNotFound()
    return reply
      .header('content-type', 'text/plain; charset=utf-8')
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(content)
  })
}
