import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Outcome, type RefusalMode, underFault } from '../http/under-fault.ts'
import { aliyunAction, runAliyun } from './aliyun.ts'
import { runTencent } from './tencent.ts'
import { header, VendorError, type VendorRequest } from './vendor.ts'
import type { SmsWorld } from './world.ts'

/**
 * Serves both vendors. Their SDKs post to `/` and are told apart by headers and parameters. Faults match
 * `sms/<vendor>/<Action>`.
 */
export function routeSms(app: FastifyInstance, world: SmsWorld): void {
  app.post('/', (request, reply) => serveVendor(world, request, reply) ?? reply.code(404).send())
}

/** Returns undefined when the request is for neither vendor. */
export function serveVendor(
  world: SmsWorld,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> | undefined {
  const { raw, body } = request
  const mark = raw.url!.indexOf('?')
  const asked: VendorRequest = {
    method: request.method,
    query: mark < 0 ? '' : raw.url!.slice(mark + 1),
    headers: request.headers,
    body: typeof body === 'string' ? body : '',
  }
  const tencent = header(asked, 'x-tc-action')
  if (tencent !== '') {
    return underFault(world, `sms/tencent/${tencent}`, reply, {
      run: () => tencentAnswer(() => runTencent(world, asked)),
      refuse: mode => tencentAnswer(() => refuse(mode, tencentRefusals)),
    })
  }
  const aliyun = aliyunAction(asked)
  if (aliyun === '') return undefined
  return underFault(world, `sms/aliyun/${aliyun}`, reply, {
    run: () => aliyunAnswer(() => runAliyun(world, asked)),
    refuse: mode => aliyunAnswer(() => refuse(mode, aliyunRefusals)),
  })
}

function tencentAnswer(run: () => object): Outcome {
  const [code, message, result] = attempt(run, 'InternalError')
  const RequestId = randomUUID()
  const answer = result ?? { Error: { Code: code, Message: message } }
  return { outcome: code, body: JSON.stringify({ Response: { ...answer, RequestId } }) }
}

function aliyunAnswer(run: () => object): Outcome {
  const [code, message, result, status] = attempt(run, 'isp.SYSTEM_ERROR')
  const RequestId = randomUUID().toUpperCase()
  const answer = result ?? { Code: code, Message: message }
  return { outcome: code, status, body: JSON.stringify({ ...answer, RequestId }) }
}

function attempt(
  run: () => object,
  unknown: string,
): [code: string, message: string, result: object | undefined, status: number] {
  try {
    return ['Ok', '', run(), 200]
  } catch (error) {
    if (error instanceof VendorError) return [error.code, error.message, undefined, error.status]
    console.error(error)
    return [unknown, 'internal error', undefined, 200]
  }
}

type Refusals = Record<'busy' | 'rateLimit' | 'tokenExpired' | 'tokenRevoked', [code: string, status: number]>

const tencentRefusals: Refusals = {
  busy: ['InternalError', 200],
  rateLimit: ['RequestLimitExceeded', 200],
  tokenExpired: ['AuthFailure.SignatureExpire', 200],
  tokenRevoked: ['AuthFailure.SecretIdNotFound', 200],
}
const aliyunRefusals: Refusals = {
  busy: ['isp.SYSTEM_ERROR', 200],
  rateLimit: ['Throttling.User', 400],
  tokenExpired: ['InvalidTimeStamp.Expired', 400],
  tokenRevoked: ['InvalidAccessKeyId.NotFound', 404],
}

function refuse(mode: RefusalMode, refusals: Refusals): never {
  const [code, status] = refusals[mode as keyof Refusals] ?? [mode.slice('code:'.length), 200]
  throw new VendorError(code, 'a fault of the sandbox', status)
}
