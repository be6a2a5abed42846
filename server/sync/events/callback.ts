import { createHash } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { type Corp, noteCallbackVerified } from '../../corps/corps.ts'
import type { Developers } from '../../developers/developers.ts'
import { userKey } from '../../directory/mirror/members.ts'
import { endpoint, retryAfterAwaySeconds } from '../../http/endpoint.ts'
import { ApiError } from '../../http/errors.ts'
import { choice, optionalText, text } from '../../http/input.ts'
import type { Inbox } from '../../inbox/inbox.ts'
import { describeError } from '../../operation/log.ts'
import { DatabaseAway } from '../../storage/availability.ts'
import { decrypt, verifySignature, WecomCryptoError } from '../../upstream/wecom/crypto.ts'
import {
  type ContactEvent,
  parseContactEvent,
  parseEnvelope,
  WecomXmlError,
} from '../../upstream/wecom/xml.ts'
import type { Hints } from './hints.ts'

type Needs = Core & { corps: Corps; inbox: Inbox }

export const callbackPath = '/admin/syncController/addressBookChange'
const bodyAtMost = 1_000_000
const clockToleranceSeconds = 300

/** A rejected push or verification request. Nothing of it is stored. */
class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Follows WeCom's own protocol (seed 4.1, upstream.md §3), not wisp's answer envelope. */
export function registerContactCallback(app: FastifyInstance, ctx: Needs): void {
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    // WeCom sends text/xml; proxies and older senders send other types, nonsense or none.
    scope.addHook('onRequest', async request => {
      request.headers['content-type'] = 'text/xml'
    })
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyAtMost }, (_request, body, done) =>
      done(null, body),
    )
    scope.setErrorHandler((error, request, reply) => fail(ctx, request, reply, error))
    scope.get(callbackPath, (request, reply) => answer(ctx, request, reply, () => verifyUrl(ctx, request)))
    scope.post(callbackPath, (request, reply) => answer(ctx, request, reply, () => takePush(ctx, request)))
  })
}

async function answer(ctx: Core, request: FastifyRequest, reply: FastifyReply, work: () => Promise<string>) {
  try {
    ctx.availability.check()
    const text = await work()
    ctx.metrics.countCall(callbackPath, '200', reply.elapsedTime)
    return reply.header('content-type', plainText).send(text)
  } catch (error) {
    return fail(ctx, request, reply, error)
  }
}

const plainText = 'text/plain; charset=utf-8'

/**
 * Never answers 200, because WeCom would take the push as delivered and not retry it. Framework errors that carry a status
 * mean that the body is too large or was cut off.
 */
function fail(ctx: Core, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const about = { requestId: request.id, address: request.ip }
  const status = statusOf(error)
  ctx.metrics.countCall(callbackPath, String(status), reply.elapsedTime)
  const isOurs = status >= 500
  const reason = isOurs ? 'internal error' : (error as Error).message
  if (isOurs) ctx.log.error({ ...about, ...describeError(error) }, 'callback not taken')
  else ctx.log.warn({ ...about, reason }, 'callback refused')
  if (status === 503) reply.header('retry-after', String(retryAfterAwaySeconds))
  return reply.code(status).header('content-type', plainText).send(reason)
}

function statusOf(error: unknown): number {
  if (error instanceof Refused) return error.status
  if (error instanceof DatabaseAway) return 503
  const { statusCode = 500 } = error as Partial<FastifyError>
  return Math.min(statusCode, 500)
}

type Signed = { signature: string; timestamp: string; nonce: string }

function readSignature(ctx: Core, query: unknown): Signed {
  const given = query as Record<string, unknown>
  const read = (name: string) => {
    const value = given[name]
    if (typeof value !== 'string' || value === '') throw new Refused(400, `${name} is missing or repeated`)
    if (value.length > 128) throw new Refused(400, `${name} is too long`)
    if (!/^[\x21-\x7e]+$/.test(value)) throw new Refused(400, `${name} holds other than visible ASCII`)
    return value
  }
  const signed = { signature: read('msg_signature'), timestamp: read('timestamp'), nonce: read('nonce') }
  const seconds = /^\d{1,12}$/.test(signed.timestamp) ? Number(signed.timestamp) : Number.NaN
  if (!(Math.abs(ctx.now() / 1000 - seconds) <= clockToleranceSeconds)) {
    throw new Refused(403, 'timestamp is off by more than 5 minutes')
  }
  return signed
}

/** A verification request names no corp, so it is answered for the corp whose token and key fit it. */
async function verifyUrl(ctx: Core & { corps: Corps }, request: FastifyRequest): Promise<string> {
  const signed = readSignature(ctx, request.query)
  const echo = (request.query as Record<string, unknown>)['echostr']
  if (typeof echo !== 'string' || echo === '') throw new Refused(400, 'echostr is missing')
  for (const corp of ctx.corps.all()) {
    const message = openFor(corp, signed, echo)
    if (message === undefined) continue
    // WeCom gives up after one second, so the answer does not wait until the verification is recorded.
    noteCallbackVerified(ctx, corp.corpId).catch(error => {
      ctx.log.error({ corpId: corp.corpId, ...describeError(error) }, 'verification not noted')
    })
    return message
  }
  throw new Refused(403, 'msg_signature fits no corp')
}

function openFor(corp: Corp, signed: Signed, encrypted: string): string | undefined {
  const { token, encodingAesKey } = corp.callback
  if (!verifySignature(token, signed.timestamp, signed.nonce, encrypted, signed.signature)) return undefined
  try {
    const { message, receiveId } = decrypt(encodingAesKey, encrypted)
    return receiveId === corp.corpId ? message : undefined
  } catch (error) {
    if (error instanceof WecomCryptoError) return undefined
    throw error
  }
}

async function takePush(ctx: Needs, request: FastifyRequest): Promise<string> {
  const signed = readSignature(ctx, request.query)
  const { corp, encrypted } = readPush(ctx, request.body)
  const { token, encodingAesKey } = corp.callback
  if (!verifySignature(token, signed.timestamp, signed.nonce, encrypted, signed.signature)) {
    throw new Refused(403, 'msg_signature is wrong')
  }
  const plain = openPush(corp, encodingAesKey, encrypted)
  const event = readEvent(plain)
  if (event.toUserName !== corp.corpId) throw new Refused(400, 'the event is of another corp')
  const accepted = await ctx.inbox.accept({
    corpId: corp.corpId,
    stream: 'directory',
    kind: event.changeType || event.event || 'unknown',
    entity: entityOf(event),
    dedupeKey: signed.nonce,
    payloadHash: createHash('sha256').update(plain).digest('base64'),
    raw: encrypted,
    plain,
  })
  if (accepted === 'reused') throw new Refused(409, 'nonce was used for another payload')
  return ''
}

function readPush(ctx: Core & { corps: Corps }, body: unknown): { corp: Corp; encrypted: string } {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new Refused(400, 'body is empty')
  try {
    const envelope = parseEnvelope(new TextDecoder('utf-8', { fatal: true }).decode(body))
    const corp = ctx.corps.find(envelope.toUserName)
    if (!corp) throw new Refused(404, 'ToUserName is no corp of this platform')
    return { corp, encrypted: envelope.encrypt }
  } catch (error) {
    if (error instanceof WecomXmlError) throw new Refused(400, `body: ${error.message}`)
    if (error instanceof TypeError) throw new Refused(400, 'body is not UTF-8')
    throw error
  }
}

function openPush(corp: Corp, encodingAesKey: string, encrypted: string): string {
  try {
    const { message, receiveId } = decrypt(encodingAesKey, encrypted)
    if (receiveId !== corp.corpId) throw new Refused(403, 'receiveid is another corp')
    // PostgreSQL text cannot hold NUL, and neither can XML.
    if (message.includes('\0')) throw new Refused(400, 'event holds NUL')
    return message
  } catch (error) {
    if (error instanceof WecomCryptoError) throw new Refused(400, `Encrypt: ${error.message}`)
    throw error
  }
}

function readEvent(plain: string): ContactEvent {
  try {
    return parseContactEvent(plain)
  } catch (error) {
    if (error instanceof WecomXmlError) throw new Refused(400, `event: ${error.message}`)
    throw error
  }
}

/** The unit within which events must stay in order. Unknown change types are kept and shown, all under `other`. */
export function entityOf(event: Pick<ContactEvent, 'changeType' | 'userId' | 'id' | 'tagId'>): string {
  if (/_user$/.test(event.changeType) && event.userId) return `user:${userKey(event.userId)}`
  if (/_party$/.test(event.changeType) && event.id !== undefined) return `party:${event.id}`
  if (/_tag$/.test(event.changeType) && event.tagId !== undefined) return `tag:${event.tagId}`
  return 'other'
}

const hintTypes = [
  'create_user',
  'update_user',
  'delete_user',
  'create_party',
  'update_party',
  'delete_party',
] as const

export const directoryHint = endpoint({
  methods: ['GET'],
  path: '/admin/syncController/callback',
  section: '4.2',
  summary: '通讯录数据同步通知',
  description:
    '第三方调用企业微信接口变更通讯录时，企业微信不会回调，由此通知平台。平台收到后向企业微信核实，以企业微信的数据为准。',
  access: { by: 'anyone' },
  input: {
    changeType: choice('通讯录变更类型', hintTypes),
    corpId: text('企业 ID', { max: 64 }),
    userId: optionalText('用户 ID，用户信息变更必填', { max: 64 }),
    partyId: optionalText('部门 ID，部门信息变更必填', { max: 32 }),
  },
  output: Type.Object({}),
  errors: ['tooManyRequests'],
  sample: {},
  async handle(
    ctx: Core & { corps: Corps; developers: Developers; hints: Hints },
    { input, given, request },
  ) {
    const corp = ctx.corps.get(input.corpId)
    if (corp.hintTokenRequired && ctx.developers.identify(given, request).corpId !== corp.corpId) {
      throw new ApiError('forbidden', {
        zh: 'devToken 属于另一家企业',
        en: 'the devToken belongs to another corp',
      })
    }
    await ctx.hints.accept(corp.corpId, request.ip, input.changeType, hintedEntity(input))
    return {}
  },
})

function hintedEntity(input: {
  changeType: string
  userId: string | undefined
  partyId: string | undefined
}): string {
  if (input.changeType.endsWith('_user')) {
    if (!input.userId) throw new ApiError('missingParameter', 'userId')
    return `user:${userKey(input.userId)}`
  }
  if (!input.partyId) throw new ApiError('missingParameter', 'partyId')
  if (!/^\d{1,10}$/.test(input.partyId))
    throw new ApiError('badParameter', { zh: 'partyId 应为数字', en: 'partyId should be a number' })
  return `party:${Number(input.partyId)}`
}
