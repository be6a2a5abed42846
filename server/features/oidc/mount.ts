import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { whyClosed } from '../../organisation/corps/suspension/check-open.ts'
import type { Closure } from '../../organisation/corps/suspension/closure.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import { networkOf } from '../../platform/security/network-of.ts'
import { DatabaseAway } from '../../platform/storage/availability.ts'
import { sendClosed } from '../app-sign-in/pages/closed-page.ts'
import { sendSignInPage } from '../app-sign-in/pages/page.ts'
import { answerInteraction } from './entry/interaction.ts'
import type { Needs } from './needs.ts'
import { memberOfCorp, noteAsking } from './provider/asking.ts'
import { failed } from './provider/page-words.ts'
import type { Providers } from './provider/providers.ts'
import { createTurns, type Turns } from './turns.ts'

type All = Needs & { oidc: Providers }

const discovery = '/.well-known/oauth-authorization-server'

/** Of one client on a node, and how many more may wait for those. */
const atOnce = 8
const waitingAtMost = 200

/** What people type in for a device, by network: a campus may be behind one address. */
const userCodes: AttemptLimit = { purpose: 'oidc-user-code', atMost: 200, windowMs: 10 * 60_000 }

/** Requests of people in browsers, for which it matters who is signed in to wisp. */
const ofPeople = /^\/(auth|device|session\/end|interaction)(\/|$)/

/** What gives nothing new: it is answered for a corp that is suspended, too. */
const ending = /^\/(session\/end|token\/revocation|jwks|\.well-known)(\/|$)/

type Limits = { turns: Turns; countGuess: ReturnType<typeof createFloodLimit> }

/** Where the library answers: at the issuer of each corp, whose host and scheme count whatever a request says of them. */
export function registerOidc(app: FastifyInstance, ctx: All): void {
  const limits: Limits = {
    turns: createTurns(atOnce, waitingAtMost),
    countGuess: createFloodLimit(ctx, userCodes),
  }
  const pathOf = ({ url }: FastifyRequest) => url.split('?', 1)[0] ?? ''
  app.register(async own => {
    own.removeAllContentTypeParsers()
    // The library reads bodies itself.
    own.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined))
    for (const path of ['/oidc', '/oidc/*'])
      own.all(path, (request, reply) => {
        const place = ctx.appSignIns.issuerAt(request.host, pathOf(request))
        if (!place) return reply.callNotFound()
        const inside = pathOf(request).slice(new URL(place.issuer).pathname.length)
        return answer(ctx, limits, request, reply, { ...place, path: inside })
      })
    // RFC 8414 puts it before the path of the issuer.
    own.get(`${discovery}/*`, (request, reply) => {
      const place = ctx.appSignIns.issuerAt(request.host, pathOf(request).slice(discovery.length))
      return place ? answer(ctx, limits, request, reply, { ...place, path: discovery }) : reply.callNotFound()
    })
  })
}

type Place = { corpId: string; issuer: string; path: string }

async function answer(
  ctx: All,
  { turns, countGuess }: Limits,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): Promise<FastifyReply | undefined> {
  const { corpId, path } = place
  const closure = ctx.corps.closureOf(corpId)
  if (closure && !ending.test(path)) return refuseClosed(ctx, request, reply, closure)
  const end = await turns.take(`${corpId} ${clientOf(ctx, corpId, request)}`)
  if (!end) return sendBusy(ctx, request, reply, corpId)
  try {
    if (path === '/device' && request.method === 'POST') {
      const guesses = await countGuess({ corpId, of: networkOf(request.ip) })
      if (guesses.isOver) return sendBusy(ctx, request, reply, corpId, guesses.retryAfterSeconds)
    }
    return await serve(ctx, request, reply, place)
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error
    return sendBusy(ctx, request, reply, corpId)
  } finally {
    end()
  }
}

async function serve(
  ctx: All,
  request: FastifyRequest,
  reply: FastifyReply,
  { corpId, issuer, path }: Place,
): Promise<FastifyReply | undefined> {
  ctx.availability.check()
  const { raw } = request
  const { sessions } = ctx
  // Before the headers are changed, because the names of cookies follow from them.
  const visitor = ofPeople.test(path)
    ? (sessions.visitorOf(request) ?? (await sessions.findVisitor(request)))
    : undefined
  const built = await ctx.oidc.of(corpId)
  tellOfIssuer(request, new URL(issuer))
  noteAsking(raw, { request, visitor: memberOfCorp(visitor, corpId) })
  const [, uid] = /^\/interaction\/([\w-]{1,100})$/.exec(path) ?? []
  if (uid !== undefined)
    return answerInteraction(ctx, request, reply, { corpId, issuer, uid, visitor, built })
  const query = request.url.indexOf('?')
  raw.url = (path || '/') + (query < 0 ? '' : request.url.slice(query))
  reply.hijack()
  await built.callback(raw, reply.raw)
  return undefined
}

/** Not the error of a dead grant: refresh tokens are good again when the corp is resumed, and clients would throw them away. */
function refuseClosed(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  closure: Closure,
): FastifyReply | Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  if (/\btext\/html\b/.test(request.headers.accept ?? '')) return sendClosed(ctx, request, reply, closure)
  const { en: error_description } = whyClosed(closure)
  return reply
    .status(503)
    .header('retry-after', '3600')
    .send({ error: 'temporarily_unavailable', error_description })
}

/** By these the library makes addresses and cookies. */
function tellOfIssuer({ raw, ip }: FastifyRequest, issuer: URL): void {
  for (const name of Object.keys(raw.headers))
    if (name.startsWith('x-forwarded-') || name === 'forwarded') delete raw.headers[name]
  raw.headers.host = issuer.host
  raw.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1)
  raw.headers['x-forwarded-host'] = issuer.host
  raw.headers['x-forwarded-for'] = ip
  Object.assign(raw, { baseUrl: issuer.pathname })
}

/** As far as it can be seen without the body; otherwise, and for one that there is not, where the request comes from. */
function clientOf({ appSignIns }: Needs, corpId: string, request: FastifyRequest): string {
  const { client_id: asked } = request.query as Record<string, unknown>
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ')
  const isBasic = /^basic$/i.test(scheme)
  const basic = isBasic ? Buffer.from(value, 'base64').toString('latin1').split(':', 1)[0] : undefined
  const named = typeof asked === 'string' ? asked : (basic ?? '')
  return appSignIns.ofClient(corpId, named) ? named : request.ip
}

/** For the moment: the database is away, or there are too many. */
function sendBusy(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  corpId: string,
  waitSeconds?: number,
): FastifyReply {
  const status = waitSeconds === undefined ? 503 : 429
  reply.header('retry-after', String(waitSeconds ?? 5)).header('cache-control', 'no-store')
  if (!/\btext\/html\b/.test(request.headers.accept ?? ''))
    return reply.status(status).send({ error: 'temporarily_unavailable', error_description: 'try again' })
  return sendSignInPage(ctx, request, reply, {
    ...{ status, corpId, title: failed.title, text: [failed.hint], isNumbered: true },
  })
}
