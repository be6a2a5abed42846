import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { inNetworks, parseNetworks } from '../config.ts'
import type { Core } from '../core.ts'
import type { Corps } from '../corps/corps.ts'
import { lastDiagnosis } from '../corps/doctor/doctor.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { type Language, languageOf, wordsIn } from '../http/words.ts'
import { inboxState } from '../inbox/event-store.ts'
import type { Database } from '../storage/database.ts'
import { syncStatus } from '../sync/status.ts'

type Needs = Core & { corps: Corps; database: Database; mirrors: Mirrors }

const loopback = parseNetworks(['127.0.0.0/8', '::1/128'], 'loopback')

/** Details are for this machine, or for whoever has WISP_METRICS_TOKEN. */
function mayLook(ctx: Core, request: FastifyRequest): boolean {
  const { metricsToken } = ctx.config
  if (!metricsToken) return inNetworks(loopback, request.ip)
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${metricsToken}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** `/healthz`: the process lives. `/readyz`: it can answer. `/metrics`: Prometheus. */
export function registerOperation(app: FastifyInstance, ctx: Needs): void {
  addGauges(ctx)
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const problems = await readiness(ctx)
    const status = problems.length === 0 ? 'ready' : 'not ready'
    reply.code(problems.length === 0 ? 200 : 503)
    if (!mayLook(ctx, request)) return reply.send({ status })
    const language = languageOf(request.headers['accept-language'])
    const warnings = problems.length === 0 ? await readWarnings(ctx, language) : []
    return reply.send({ status, problems, warnings })
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayLook(ctx, request)) return reply.code(403).send({ status: 'forbidden' })
    return reply
      .header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      .send(await ctx.metrics.text())
  })
}

async function readiness(ctx: Core & { corps: Corps; mirrors: Mirrors }): Promise<string[]> {
  if (ctx.stopping.aborted) return ['stopping']
  if (ctx.availability.awaySince() !== undefined) return ['database does not answer']
  try {
    await sql`select 1`.execute(ctx.db)
  } catch {
    return ['database does not answer']
  }
  const loaded = new Set(ctx.mirrors.loaded().map(mirror => mirror.corpId))
  return ctx.corps
    .all()
    .flatMap(corp => (loaded.has(corp.corpId) ? [] : [`address book of ${corp.corpId} is being loaded`]))
}

/** What does not keep this node from answering, and still needs somebody; nothing of it asks upstream. */
async function readWarnings(
  ctx: Core & { corps: Corps; mirrors: Mirrors },
  language: Language,
): Promise<string[]> {
  const perCorp = ctx.corps.all().map(async corp => {
    const { corpId } = corp
    const [status, diagnosis] = await Promise.all([
      syncStatus(ctx, corpId),
      lastDiagnosis(ctx, corpId, language),
    ])
    const run = status.runs.find(one => one.kind !== 'dry-run')
    const warnings: string[] = []
    if (!run) warnings.push('never synced')
    const why = wordsIn(language, run?.error ?? '')
    if (run?.state === 'failed') warnings.push(`sync run ${run.id} failed: ${why}`)
    if (run?.state === 'approval') warnings.push(`sync run ${run.id} waits for approval: ${why}`)
    if (status.inbox.parked > 0) warnings.push(`${status.inbox.parked} contact events are parked`)
    if (!corp.callbackVerifiedAt) warnings.push('WeCom never verified the callback')
    if (diagnosis && diagnosis.failed.length > 0) {
      const at = new Date(diagnosis.at).toISOString()
      warnings.push(`the doctor of ${at} found failing: ${diagnosis.failed.join(', ')}`)
    }
    return warnings.map(warning => `${corpId}: ${warning}`)
  })
  return (await Promise.all(perCorp)).flat()
}

function addGauges(ctx: Needs): void {
  const { metrics } = ctx
  metrics.gauge('wisp_inbox_events', 'contact events by state', ['corp', 'state'], async () => {
    const states = await Promise.all(
      ctx.corps.all().map(corp => inboxState(ctx.db, corp.corpId, 'directory')),
    )
    return ctx.corps.all().flatMap(({ corpId }, index) => [
      { labels: { corp: corpId, state: 'pending' }, value: states[index]?.pending ?? 0 },
      { labels: { corp: corpId, state: 'parked' }, value: states[index]?.parked ?? 0 },
    ])
  })
  metrics.gauge(
    'wisp_sync_lag_seconds',
    'age of the oldest contact event that is not applied',
    ['corp'],
    () =>
      Promise.all(
        ctx.corps.all().map(async ({ corpId }) => {
          const { oldestPendingAt } = await inboxState(ctx.db, corpId, 'directory')
          return {
            labels: { corp: corpId },
            value: oldestPendingAt ? (ctx.now() - oldestPendingAt.getTime()) / 1000 : 0,
          }
        }),
      ),
  )
  metrics.gauge('wisp_directory_entities', 'what the mirror holds', ['corp', 'kind'], () =>
    ctx.mirrors.loaded().flatMap(mirror => [
      { labels: { corp: mirror.corpId, kind: 'department' }, value: mirror.tree.order.length },
      { labels: { corp: mirror.corpId, kind: 'member' }, value: mirror.members.size },
      { labels: { corp: mirror.corpId, kind: 'tag' }, value: mirror.tags.size },
    ]),
  )
  metrics.gauge('wisp_database_connections', 'PostgreSQL connections of this node', ['state'], () => {
    const { pool } = ctx.database
    if (!pool) return []
    return [
      { labels: { state: 'open' }, value: pool.totalCount },
      { labels: { state: 'idle' }, value: pool.idleCount },
      { labels: { state: 'waiting' }, value: pool.waitingCount },
    ]
  })
}
