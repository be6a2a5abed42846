import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopbackUrl } from '../config.ts'
import type { Core } from '../core.ts'
import { isFromThisMachine } from '../security/from-this-machine.ts'
import { type Language, languageOf } from '../words.ts'

/** What the features report about this node's state. */
export type Readiness = {
  /** Problems that prevent this node from answering. */
  problems(): string[]
  /** Problems that do not prevent it, but still need somebody's attention. */
  warnings(language: Language): Promise<string[]>
}

/**
 * With WISP_METRICS_TOKEN, everyone who sends it may see details. Without it this machine may, as long as nobody else is meant to reach
 * wisp: where there is a public address there is a proxy, on this machine too, and some add no header by which it could be told.
 */
function mayLook(ctx: Core, request: FastifyRequest): boolean {
  const { metricsToken } = ctx.config
  if (!metricsToken) return !needsToken(ctx.config) && isFromThisMachine(request)
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${metricsToken}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Whether details take a token that is not set. */
function needsToken({
  metricsToken,
  publicUrl,
}: Pick<Core['config'], 'metricsToken' | 'publicUrl'>): boolean {
  return metricsToken === '' && publicUrl !== '' && !isLoopbackUrl(publicUrl)
}

const setToken = {
  zh: '公网地址不是本机，/metrics 需要令牌：设置 WISP_METRICS_TOKEN，读取时带 Authorization: Bearer',
  en: 'the public address is not this machine, so /metrics takes a token: set WISP_METRICS_TOKEN, and read with Authorization: Bearer',
}

const operationPaths = ['/healthz', '/readyz', '/metrics']

export function isOperation({ routeOptions }: FastifyRequest): boolean {
  return operationPaths.includes(routeOptions.url ?? '')
}

/**
 * `/healthz`: the process lives. `/readyz`: it can answer, from the database or, while that is away, from memory.
 * `/metrics`: Prometheus. The first two also answer HEAD, which monitors and balancers send. What they ask of the database
 * does not grow with the number of corps.
 */
export function registerOperation(app: FastifyInstance, ctx: Core, readiness: Readiness): void {
  app.get('/healthz', { exposeHeadRoute: true }, () => ({ status: 'ok' }))
  app.get('/readyz', { exposeHeadRoute: true }, async (request, reply) => {
    // HAProxy sends a server that answers 404 nobody new (disable-on-404); for all others it is one more failure.
    if (ctx.draining.isLeaving) return reply.code(404).send({ status: 'draining' })
    const problems = readiness.problems()
    const status = problems.length === 0 ? 'ready' : 'not ready'
    reply.code(problems.length === 0 ? 200 : 503)
    // Balancers ask so every second, often from the same machine: they want the status alone.
    if (request.method === 'HEAD' || !mayLook(ctx, request)) return reply.send({ status })
    const language = languageOf(request.headers['accept-language'])
    const warnings = problems.length === 0 ? await readiness.warnings(language) : []
    return reply.send({ status, problems, warnings })
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayLook(ctx, request)) {
      const hint = needsToken(ctx.config) && isFromThisMachine(request)
      const detail = hint ? { detail: setToken[languageOf(request.headers['accept-language'])] } : {}
      return reply.code(403).send({ status: 'forbidden', ...detail })
    }
    return reply
      .header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      .send(await ctx.metrics.text())
  })
}
