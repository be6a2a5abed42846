import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { noteUse } from '../../organisation/corps/addresses/ties.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isOpen } from '../../organisation/corps/suspension/check-open.ts'
import { inNetworks, parseNetworks } from '../../platform/config.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { isHangUp, readBody } from '../../platform/http/bodies/read-body.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { createPatientSlots } from '../../platform/http/waiting/slots.ts'
import { describeError } from '../../platform/operation/log.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import { DatabaseAway } from '../../platform/storage/availability.ts'
import type { ApplyNeeds } from './apply/apply.ts'
import type { Sources } from './catalog.ts'
import { answerLandray, refusedLandray } from './landray/answer.ts'
import {
  bodyAtMost,
  refusedStatus,
  type SourceRefusal,
  type SourceReply,
  type SourceRequest,
} from './receive/asked.ts'
import { answerSeeyon, refusedSeeyon, takesManySeeyon } from './seeyon/answer.ts'
import type { SourceOfApp } from './source.ts'
import { type Source, type SourceKind, sourcePrefix } from './source.ts'
import { baseOfSource } from './sources.ts'
import { todoSource } from './tied.ts'
import { answerWeaver, refusedWeaver, takesManyWeaver } from './weaver/answer.ts'

export type ReceiveNeeds = ApplyNeeds & { bodies: BodiesInProgress; corps: Corps; sources: Sources }

type Vendor = {
  answer(ctx: ReceiveNeeds, source: SourceOfApp, asked: SourceRequest): Promise<SourceReply>
  refused(source: SourceOfApp, asked: SourceRequest, refused: SourceRefusal): SourceReply
  /** Whether the call at this path takes a list of to-dos. */
  takesMany(path: string): boolean
}

const vendors: Record<SourceKind, Vendor> = {
  weaver: { answer: answerWeaver, refused: refusedWeaver, takesMany: takesManyWeaver },
  seeyon: { answer: answerSeeyon, refused: refusedSeeyon, takesMany: takesManySeeyon },
  landray: { answer: answerLandray, refused: refusedLandray, takesMany: () => false },
}

/** A node applies the large bodies of one source one by one and a few small ones at once, so that a source leaves time for the others. */
const largeAbove = 16_384
const atOnce = { large: 1, small: 4 }
const waiting = { waitingAtMost: 200, waitMs: 20_000 }

/** A source gets one in so many moments of the event loop for its large bodies, and as much for its small ones. */
const shareOfLoop = 4

/** A network may try a hundred unknown addresses a minute. Calls to a known address are never counted. */
const unknownKeys: AttemptLimit = { purpose: 'todo-source-key', atMost: 100, windowMs: 60_000 }

/** The name in logs and metrics. The address itself is as secret as a password. */
const label = `${sourcePrefix}…`

/**
 * The addresses at which sources send, in their vendors' own protocols: every answer, also a refusal, is in the vendor's words. What
 * can be refused without the body is refused before it is read.
 */
export function registerSources(app: FastifyInstance, ctx: ReceiveNeeds): void {
  const floodOf = createFloodLimit(ctx, unknownKeys)
  const slotsOf = {
    large: createPatientSlots({ atOnce: atOnce.large, ...waiting }),
    small: createPatientSlots({ atOnce: atOnce.small, ...waiting }),
  }
  app.register(async scope => {
    const found = new WeakMap<FastifyRequest, SourceOfApp>()
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (request, payload, done) => {
      const takesMany = vendors[found.get(request)!.kind].takesMany(pathOf(request))
      readBody(ctx.bodies, request, payload, bodyAtMost(takesMany), done)
    })
    scope.addHook('onRequest', async (request, reply) => {
      // Older senders give no content type or a wrong one, which Fastify would refuse. The vendors' readers get it as it came.
      request.headers['x-wisp-given-type'] = request.headers['content-type'] ?? ''
      request.headers['content-type'] = 'application/octet-stream'
      const source = sourceOf(ctx, request)
      if (!source) {
        const { isOver } = await floodOf({ corpId: '', of: request.ip }).catch(() => ({ isOver: false }))
        return send(ctx, reply, { status: isOver ? 429 : 404, body: '{"message":"没有这个地址"}' })
      }
      found.set(request, source)
      ctx.bodies.belongsTo(request, `source ${source.id}`)
      const refused = refusalOf(ctx, source, request)
      return (
        refused &&
        send(ctx, reply, vendors[source.kind].refused(source, askedOf(ctx, source, request), refused))
      )
    })
    scope.setErrorHandler(async (error, request, reply) => {
      ctx.bodies.end(request)
      if (isHangUp(error, request)) return reply
      const source = found.get(request)
      const { status, refused } = judge(ctx, error, request)
      if (!source) return send(ctx, reply, { status, body: '{}' })
      if (refused === 'away') reply.header('retry-after', '5')
      return send(ctx, reply, vendors[source.kind].refused(source, askedOf(ctx, source, request), refused))
    })
    scope.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: `${sourcePrefix}:key/*`,
      handler: async (request, reply) => {
        const source = found.get(request)!
        const asked = askedOf(ctx, source, request)
        const size = asked.body.length > largeAbove ? 'large' : 'small'
        const end = await slotsOf[size].take(source.id, reply.raw)
        const vendor = vendors[source.kind]
        if (!end) {
          ctx.bodies.end(request)
          return send(ctx, reply.header('retry-after', '5'), vendor.refused(source, asked, 'away'))
        }
        const began = performance.now()
        const answering = vendor.answer(ctx, source, asked)
        // The body was read synchronously up to here, so that no other request had a turn.
        const heldMs = performance.now() - began
        try {
          const answered = await answering
          await noteAddressOf(ctx, source, request)
          return send(ctx, reply, answered)
        } finally {
          setTimeout(end, heldMs * (shareOfLoop * atOnce[size] - 1))
          ctx.bodies.end(request)
        }
      },
    })
  })
}

/** Notes that the sender uses today's address. An old address may be forwarded for long. */
async function noteAddressOf(ctx: ReceiveNeeds, source: Source, { host }: FastifyRequest): Promise<void> {
  if (host !== new URL(baseOfSource(ctx, source)).host) return
  await noteUse(ctx, source.corpId, todoSource, source.id).catch(error =>
    ctx.log.warn(describeError(error), 'address of a source not kept'),
  )
}

function sourceOf({ sources, apps }: ReceiveNeeds, request: FastifyRequest): SourceOfApp | undefined {
  const { key = '' } = request.params as { key?: string }
  const source = sources.byKey(key)
  const app = source && apps.find(source.appId)
  return source && app ? { ...source, app } : undefined
}

function refusalOf(
  { availability, corps }: ReceiveNeeds,
  source: SourceOfApp,
  { ip }: FastifyRequest,
): SourceRefusal | undefined {
  if (source.addresses.length > 0 && !inNetworks(parseNetworks([...source.addresses], ''), ip))
    return 'address'
  // The vendor repeats refused pushes, as it does while the source is disabled.
  if (!source.enabled || !isOpen({ corps }, source.corpId)) return 'disabled'
  try {
    availability.check()
    return undefined
  } catch {
    return 'away'
  }
}

/** What stands behind the source's base, as it came, because a password may hold an encoded slash. */
function pathOf({ url }: FastifyRequest): string {
  return url
    .split('?', 1)[0]!
    .slice(sourcePrefix.length)
    .replace(/^[^/]*\/+/, '')
}

function askedOf(ctx: ReceiveNeeds, source: SourceOfApp, request: FastifyRequest): SourceRequest {
  const { body, query, headers, method, ip } = request
  const path = pathOf(request)
  return {
    method,
    path,
    address: ip,
    query: query as Record<string, unknown>,
    url: `${baseOfSource(ctx, source)}/${path}`,
    headers: { ...headers, 'content-type': String(headers['x-wisp-given-type'] ?? '') },
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  }
}

function send(
  ctx: ReceiveNeeds,
  reply: FastifyReply,
  { status = 200, type, body }: SourceReply,
): FastifyReply {
  ctx.metrics.countCall(label, String(status), reply.elapsedTime)
  return reply
    .code(status)
    .header('content-type', type ?? 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(body)
}

function judge(
  ctx: ReceiveNeeds,
  error: unknown,
  request: FastifyRequest,
): { status: number; refused: SourceRefusal } {
  const refusedAs = (refused: SourceRefusal) => ({ status: refusedStatus[refused], refused })
  if (error instanceof DatabaseAway) return refusedAs('away')
  if (error instanceof ApiError)
    return refusedAs(error.status === 413 ? 'too-large' : error.status === 408 ? 'late' : 'away')
  ctx.log.error(
    { requestId: request.id, path: label, ...describeError(error) },
    'a push of a to-do source failed',
  )
  return refusedAs('failed')
}
