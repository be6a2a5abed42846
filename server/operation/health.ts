import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { inNetworks, parseNetworks } from '../config.ts'
import type { Core } from '../core.ts'
import { type Language, languageOf } from '../http/words.ts'

/** What the features report about this node's state. */
export type Readiness = {
  /** Problems that prevent this node from answering. */
  problems(): string[]
  /** Problems that do not prevent it, but still need somebody's attention. */
  warnings(language: Language): Promise<string[]>
}

const loopback = parseNetworks(['127.0.0.0/8', '::1/128'], 'loopback')

/** With WISP_METRICS_TOKEN, whoever sends it may see details; without it, only this machine may. */
function mayLook(ctx: Core, request: FastifyRequest): boolean {
  const { metricsToken } = ctx.config
  if (!metricsToken) return inNetworks(loopback, request.ip)
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${metricsToken}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/**
 * `/healthz`: the process lives. `/readyz`: it can answer, from the database or, while that is away, from memory.
 * `/metrics`: Prometheus. What they ask of the database does not grow with the number of corps.
 */
export function registerOperation(app: FastifyInstance, ctx: Core, readiness: Readiness): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const problems = readiness.problems()
    const status = problems.length === 0 ? 'ready' : 'not ready'
    reply.code(problems.length === 0 ? 200 : 503)
    if (!mayLook(ctx, request)) return reply.send({ status })
    const language = languageOf(request.headers['accept-language'])
    const warnings = problems.length === 0 ? await readiness.warnings(language) : []
    return reply.send({ status, problems, warnings })
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayLook(ctx, request)) return reply.code(403).send({ status: 'forbidden' })
    return reply
      .header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      .send(await ctx.metrics.text())
  })
}
