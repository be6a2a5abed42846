import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Outcome, type RefusalMode, underFault } from '../http/under-fault.ts'
import { aliyunAction, runAliyun } from './aliyun.ts'
import { type Gateway, gateways, runGateway, tellGateway } from './gateway.ts'
import { runHuawei } from './huawei.ts'
import { runTencent } from './tencent.ts'
import { header, VendorError, type VendorRequest } from './vendor.ts'
import type { SmsWorld } from './world.ts'

/**
 * Serves the vendors. The SDKs of Tencent and Aliyun post to `/` and are told apart by headers and parameters. Faults match
 * `sms/<vendor>/<Action>`.
 */
export function routeSms(app: FastifyInstance, world: SmsWorld): void {
  app.post('/', (request, reply) => serveVendor(world, request, reply) ?? reply.code(404).send())
  app.post('/sms/batchSendSms/v1', (request, reply) =>
    underFault(world, 'sms/huawei/batchSendSms', reply, {
      run: () => huaweiAnswer(() => runHuawei(world, requestOf(request))),
      refuse: mode => huaweiAnswer(() => refuse(mode, huaweiRefusals)),
    }),
  )
  // A gateway may take other charsets than UTF-8.
  app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const name of gateways)
      scope.post(`/sms-gateway/${name}`, (request, reply) =>
        underFault(world, `sms/gateway/${name}`, reply, {
          run: () =>
            gatewayAnswer(name, () =>
              runGateway(world, name, { ...requestOf(request), body: request.body as Buffer }),
            ),
          refuse: mode => gatewayAnswer(name, () => refuse(mode, gatewayRefusals(name))),
        }),
      )
  })
}

function requestOf(request: FastifyRequest): VendorRequest {
  const { raw, body } = request
  const mark = raw.url!.indexOf('?')
  return {
    method: request.method,
    query: mark < 0 ? '' : raw.url!.slice(mark + 1),
    headers: request.headers,
    body: typeof body === 'string' ? body : '',
  }
}

function huaweiAnswer(run: () => object): Outcome {
  const [code, description, result, status] = attempt(run, 'E000000')
  return { outcome: code, status, body: JSON.stringify(result ?? { code, description }) }
}

function gatewayAnswer(name: Gateway, run: () => ReturnType<typeof runGateway>): Outcome {
  const [code, , result] = attempt(run, 'error')
  return { outcome: code, ...tellGateway(name, result ? '' : code, result as ReturnType<typeof runGateway>) }
}

/** Returns undefined when the request is for neither of the two. */
export function serveVendor(
  world: SmsWorld,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> | undefined {
  const asked = requestOf(request)
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

const huaweiRefusals: Refusals = {
  busy: ['E000000', 200],
  rateLimit: ['E000623', 200],
  tokenExpired: ['E000019', 401],
  tokenRevoked: ['E000015', 401],
}
/** A gateway that is busy answers what its rules do not know. */
const gatewayRefusals = (name: Gateway): Refusals => {
  const refused = { json: '429', mas: 'TooManyMobiles', xml: 'Faild' }[name]
  return {
    busy: ['SystemBusy', 200],
    rateLimit: [refused, 200],
    tokenExpired: [refused, 200],
    tokenRevoked: [refused, 200],
  }
}

function refuse(mode: RefusalMode, refusals: Refusals): never {
  const [code, status] = refusals[mode as keyof Refusals] ?? [mode.slice('code:'.length), 200]
  throw new VendorError(code, 'a fault of the sandbox', status)
}
