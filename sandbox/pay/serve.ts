import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CallFaults, type Outcome, type RefusalMode, underFault } from '../http/under-fault.ts'
import { type Call, File } from './call.ts'
import { payCalls } from './calls.ts'
import { authorise, isSameSerial } from './crypto/authorization.ts'
import { type Signer, signatureHeaders } from './crypto/sign.ts'
import { isPayCode, PayError } from './error.ts'
import type { Input } from './input.ts'
import type { PayPlatform } from './platform.ts'
import type { Merchant } from './state/merchant.ts'

/** WeChat Pay with the faults that its calls meet. */
export interface PayWorld extends CallFaults {
  readonly pay: PayPlatform
}

/**
 * Serves WeChat Pay at the root, because the paths of its calls are signed (docs/upstream/wechat-pay-calls.md#signing-a-call).
 */
export function routePay(app: FastifyInstance, world: PayWorld): void {
  app.register(async pay => {
    // The bytes of the body are signed.
    pay.removeAllContentTypeParsers()
    pay.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const call of payCalls)
      pay.route({
        method: call.method,
        url: call.path,
        handler: (request, reply) => serve(world, call, request, reply),
      })
    pay.all('/v3/*', (request, reply) => reply.code(isKnown(request.url) ? 405 : 404).send())
  })
}

/** Whether the address is that of a call, which then wants another method. */
const isKnown = (address: string): boolean =>
  payCalls.some(({ path }) =>
    new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(address.split('?')[0] ?? ''),
  )

function serve(
  world: PayWorld,
  call: Call,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const platform = world.pay
  return underFault(world, call.path, reply, {
    run: () => {
      try {
        return run(platform, call, request, reply)
      } catch (error) {
        if (error instanceof PayError) return refused(reply, error)
        console.error(error)
        return refused(reply, new PayError('SYSTEM_ERROR'))
      }
    },
    refuse: mode => refused(reply, refusal(mode), signerOf(platform, request)),
  })
}

function run(platform: PayPlatform, call: Call, request: FastifyRequest, reply: FastifyReply): Outcome {
  const { headers } = request
  if (!headers.accept || !headers['user-agent'])
    throw new PayError('INVALID_REQUEST', { message: 'Http头缺少Accept或User-Agent' })
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const signed = { method: request.method, path: request.raw.url ?? '', body }
  const merchant = authorise(headers.authorization, signed, platform.merchants, platform.now())
  const named = namedSigner(merchant, headers['wechatpay-serial'])
  const answer = call.run({
    platform,
    merchant,
    named,
    body: request.method === 'POST' ? readBody(body) : {},
    query: request.query as Input,
    params: request.params as Record<string, string>,
  })
  if (answer instanceof File) return { outcome: '0', body: answer.bytes, type: answer.type }
  // In the grey phase only those who name the public key have their answers signed by it.
  const signer = named ?? merchant.answerSigner
  const text = answer === undefined ? '' : JSON.stringify(answer)
  reply.headers(platform.probe(signatureHeaders(signer, text, platform.now())))
  reply.header('Request-ID', requestId(0))
  const status = answer === undefined ? 204 : 200
  return { outcome: '0', body: text, status }
}

/** The key that the caller named in Wechatpay-Serial. */
function namedSigner(merchant: Merchant, serial: unknown): Signer | undefined {
  const { mode } = merchant.settings
  if (serial === undefined) return undefined
  const known = [
    ...(mode === 'certificate' ? [] : [merchant.publicKeySigner]),
    ...(mode === 'publicKey' ? [] : merchant.keys.certificates),
  ]
  const signer = known.find(one => isSameSerial(one.serial, String(serial)))
  if (!signer)
    throw new PayError('INVALID_REQUEST', { message: '请求头Wechatpay-Serial错误，平台证书或公钥不存在' })
  return signer
}

function readBody(body: Buffer): Input {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PayError('PARAM_ERROR', { message: '请求体不是有效的JSON对象' })
  return value as Input
}

/** An error bears no signature; 202, which is none, has that of `sign`. */
function refused(
  reply: FastifyReply,
  { status, code, message, detail, internal }: PayError,
  sign?: (body: string) => Record<string, string>,
): Outcome {
  reply.header('Request-ID', requestId(internal))
  const body = JSON.stringify({ code, message, ...(detail && { detail }) })
  if (status === 202 && sign) reply.headers(sign(body))
  return { outcome: code, body, status }
}

/** Signs for the merchant that the call names, whether or not it may. */
const signerOf =
  (platform: PayPlatform, { headers }: FastifyRequest) =>
  (body: string): Record<string, string> => {
    const [, mchId = ''] = /mchid="(\w+)"/.exec(headers.authorization ?? '') ?? []
    const signer = platform.merchant(mchId)?.answerSigner
    return signer ? signatureHeaders(signer, body, platform.now()) : {}
  }

/** The error of this fault. */
function refusal(mode: RefusalMode): PayError {
  switch (mode) {
    case 'busy':
      return new PayError('SYSTEM_ERROR')
    case 'rateLimit':
      return new PayError('FREQUENCY_LIMITED')
    case 'tokenExpired':
    case 'tokenRevoked':
      return new PayError('SIGN_ERROR')
    default: {
      const code = mode.slice('code:'.length)
      return new PayError(isPayCode(code) ? code : 'SYSTEM_ERROR')
    }
  }
}

/** Ends with the internal code (docs/upstream/wechat-pay-calls.md#answers). */
const requestId = (internal: number): string =>
  `08${randomBytes(22).toString('hex').toUpperCase()}-${internal}`
