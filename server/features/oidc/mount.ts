/**
 * A sign-in to another system, `GET /oidc/…/auth`: this file (which corp, who is signed in to wisp, host and scheme of the
 * issuer; puts one oidc-provider for each corp under its issuer) → oidc-provider → `provider/op-session.ts` (wisp's session) →
 * `account` (may this person enter) → `policy` (what is missing) → with nothing missing a code, kept by `storage/adapter.ts` →
 * `outcome` (which session signed in to what, the log) → the application → `POST /oidc/…/token` → `account` again → tokens.
 * Otherwise `entry/interaction.ts` → the sign-in page, consent, or the reason of a refusal → back.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { whyClosed } from '../../organisation/corps/suspension/check-open.ts'
import type { Closure } from '../../organisation/corps/suspension/closure.ts'
import { readBody } from '../../platform/http/bodies/read-body.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { createPatientSlots, type PatientSlots } from '../../platform/http/waiting/slots.ts'
import { createTurns } from '../../platform/operation/own-turn.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import { networkOf } from '../../platform/security/network-of.ts'
import { DatabaseAway } from '../../platform/storage/availability.ts'
import { sendClosed } from '../app-sign-in/pages/closed-page.ts'
import { sendSignInPage } from '../app-sign-in/pages/page.ts'
import { type Credentials, credentialsOf, isProved } from './asking-client.ts'
import { answerInteraction } from './entry/interaction.ts'
import type { Needs } from './needs.ts'
import { memberOfCorp, noteAsking } from './provider/asking.ts'
import { failed } from './provider/page-words.ts'
import type { Providers } from './provider/providers.ts'

type MountNeeds = Needs & { oidc: Providers }

const discovery = '/.well-known/oauth-authorization-server'

/** How many requests of one client, network or person a node answers at once. */
const slotLimits = { atOnce: 8, waitingAtMost: 200, waitMs: 5000 }

/** The largest body that the library takes, in bytes, and the ms in which the body has to arrive. */
const bodyAtMost = 56 * 1024
const bodyWithinMs = 5000

/** How many codes of devices the people of one network may type. A campus may be behind one address. */
const userCodes: AttemptLimit = { purpose: 'oidc-user-code', atMost: 200, windowMs: 10 * 60_000 }

/** Requests of people in browsers, for which it matters who is signed in to wisp. */
const ofPeople = /^\/(auth|device|session\/end|interaction)(\/|$)/

/**
 * What applications may have browsers post, too (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2). The library takes a post only with
 * cookies that every site may have sent, and wisp's are not: the browser is led to the same by GET, with which it sends them.
 */
const byEither = new Set(['/auth', '/session/end'])
/** Not all browsers, proxies and versions of Node take longer addresses. */
const addressAtMost = 8000

/** A device asks for its codes itself. */
const ofDevices = '/device/auth'

/** Paths that give nothing new. They are answered for a suspended corp, too. */
const ending = /^\/(session\/end|token\/revocation|jwks|\.well-known)(\/|$)/

/** Refusals have their own turns of the event loop. Large bodies would otherwise wait for all refusals. */
const refusalTurn = createTurns()

type Limits = { slots: PatientSlots; countGuess: ReturnType<typeof createFloodLimit> }

/** Where the library answers: at the issuer of each corp, whose host and scheme count whatever a request says of them. */
export function registerOidc(app: FastifyInstance, ctx: MountNeeds): void {
  const limits: Limits = {
    slots: createPatientSlots(slotLimits),
    countGuess: createFloodLimit(ctx, userCodes),
  }
  const pathOf = ({ url }: FastifyRequest) => url.split('?', 1)[0] ?? ''
  app.register(async own => {
    own.removeAllContentTypeParsers()
    // The body is read before the request takes a slot. The library reads it again (`passOn`).
    own.addContentTypeParser('*', (request, payload, done) =>
      readBody(ctx.bodies, request, payload, bodyAtMost, done, bodyWithinMs),
    )
    own.setErrorHandler((error, request, reply) => {
      if (!(error instanceof ApiError)) throw error
      return refuseBody(ctx, request, reply, error)
    })
    for (const path of ['/oidc', '/oidc/*'])
      own.all(path, (request, reply) => {
        const place = ctx.appSignIns.issuerAt(request.host, pathOf(request))
        if (!place) {
          ctx.bodies.end(request)
          return reply.callNotFound()
        }
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
  ctx: MountNeeds,
  limits: Limits,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
): Promise<FastifyReply | undefined> {
  const { corpId, path } = place
  if (request.method === 'POST' && byEither.has(path)) {
    ctx.bodies.end(request)
    return leadOn(request, reply, place)
  }
  const closure = ctx.corps.closureOf(corpId)
  try {
    if (closure && !ending.test(path)) return await refuseClosed(ctx, request, reply, closure)
    const isPage = ofPeople.test(path) && path !== ofDevices
    const given = isPage ? undefined : credentialsOf(request)
    const waitSeconds = given ? await secretsWait(ctx, corpId, given, request.ip) : 0
    if (waitSeconds > 0) {
      // One refusal at a time: between two of them, every other request has a turn of the event loop.
      await new Promise<void>(resolve => refusalTurn(resolve, networkOf(request.ip)))
      return refuseWrong(request, reply, waitSeconds)
    }
    const asker = isPage
      ? `page ${personOf(ctx, request)}`
      : `program ${programOf(ctx, corpId, given, request.ip)}`
    return await answerInSlot(ctx, limits, request, reply, place, asker)
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error
    return sendBusy(ctx, request, reply, corpId)
  } finally {
    ctx.bodies.end(request)
  }
}

/** Pages and programs have different `asker`s, so that neither keeps the other waiting. */
async function answerInSlot(
  ctx: MountNeeds,
  { slots, countGuess }: Limits,
  request: FastifyRequest,
  reply: FastifyReply,
  place: Place,
  asker: string,
): Promise<FastifyReply | undefined> {
  const { corpId, path } = place
  const end = await slots.take(`${corpId} ${asker}`, reply.raw)
  if (!end) return sendBusy(ctx, request, reply, corpId)
  try {
    if (path === '/device' && request.method === 'POST') {
      const guesses = await countGuess({ corpId, of: networkOf(request.ip) })
      if (guesses.isOver) return sendBusy(ctx, request, reply, corpId, guesses.retryAfterSeconds)
    }
    return await serve(ctx, request, reply, place)
  } finally {
    end()
  }
}

/** Redirects a browser to the address that asks the same by GET. Parameters of the body replace those of the address. */
function leadOn(request: FastifyRequest, reply: FastifyReply, { issuer, path }: Place): FastifyReply {
  const query = new URL(request.url, issuer).searchParams
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')
  const body = isForm && Buffer.isBuffer(request.body) ? request.body.toString() : ''
  const posted = new URLSearchParams(body)
  for (const name of new Set(posted.keys())) query.delete(name)
  // Repeated parameters stay repeated, because the library refuses them.
  for (const [name, value] of posted) query.append(name, value)
  const address = `${issuer}${path}?${query}`
  reply.header('cache-control', 'no-store')
  if (address.length <= addressAtMost) return reply.redirect(address, 303)
  const error_description = `the parameters are longer than ${addressAtMost} characters: send them to the pushed authorization request endpoint`
  return reply.status(400).send({ error: 'invalid_request', error_description })
}

/** The session, if it is in memory; otherwise the network. */
function personOf({ sessions }: Needs, request: FastifyRequest): string {
  return sessions.visitorOf(request)?.sessionId ?? networkOf(request.ip)
}

/** The client, if its secret is right, so that nobody else takes its slots; otherwise the network. */
function programOf(ctx: Needs, corpId: string, given: Credentials | undefined, address: string): string {
  return given && isProved(ctx, corpId, given) ? given.clientId : networkOf(address)
}

/** Seconds that a network has to wait after wrong secrets or unknown client ids. */
async function secretsWait(
  { appSignIns, oidc: { secrets } }: MountNeeds,
  corpId: string,
  { clientId }: Credentials,
  address: string,
): Promise<number> {
  const isKnown = appSignIns.ofClient(corpId, clientId) !== undefined
  const counted = isKnown ? clientId : ''
  const waitSeconds = secrets.waitOf(corpId, counted, address)
  // Wrong secrets are counted where the library compares them.
  if (waitSeconds === 0 && !isKnown) await secrets.noteWrong(corpId, counted, address)
  return waitSeconds
}

async function serve(
  ctx: MountNeeds,
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
  passOn(request)
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

/** Has the library, which iterates over a request that is readable, read the body that was read before. */
function passOn({ raw, body }: FastifyRequest): void {
  if (!Buffer.isBuffer(body)) return
  Object.defineProperties(raw, { readable: { value: true }, iterator: { value: () => [body] } })
}

/** Before the library is asked, whose work would hold up everybody while a network guesses. */
function refuseWrong(request: FastifyRequest, reply: FastifyReply, waitSeconds: number): FastifyReply {
  if (request.headers.authorization) reply.header('www-authenticate', 'Basic error="invalid_client"')
  return reply
    .status(401)
    .header('retry-after', String(waitSeconds))
    .header('cache-control', 'no-store')
    .send({
      error: 'invalid_client',
      error_description: `too many wrong client ids or secrets from this network: try again in ${waitSeconds} seconds`,
    })
}

/** A body that is too large, or does not arrive. */
function refuseBody(ctx: Needs, request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  const { status, retryAfterSeconds } = error
  if (retryAfterSeconds !== undefined) return sendBusy(ctx, request, reply, undefined, retryAfterSeconds)
  reply.removeHeader('connection').header('cache-control', 'no-store')
  // RFC 6749, section 5.2, knows 400 alone for a request that is wrong.
  return reply
    .status(status === 413 ? 400 : status)
    .send({ error: 'invalid_request', error_description: error.reasonIn('en') })
}

/** For the moment: the database is away, or there are too many. */
function sendBusy(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  corpId: string | undefined,
  waitSeconds?: number,
): FastifyReply {
  const status = waitSeconds === undefined ? 503 : 429
  reply.header('retry-after', String(waitSeconds ?? 5)).header('cache-control', 'no-store')
  if (!/\btext\/html\b/.test(request.headers.accept ?? ''))
    return reply.status(status).send({ error: 'temporarily_unavailable', error_description: 'try again' })
  return sendSignInPage(ctx, request, reply, {
    status,
    corpId,
    title: failed.title,
    text: [failed.hint],
    isNumbered: true,
  })
}
