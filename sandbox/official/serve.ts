import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CallFaults, type Outcome, type RefusalMode, underFault } from '../http/under-fault.ts'
import { readBody } from './body.ts'
import { Bytes, type Call, type CallRequest, type Input } from './call.ts'
import { officialCalls } from './calls.ts'
import { newRid, type OfficialErrcode, OfficialError, officialErrcodes } from './error.ts'
import type { OfficialPlatform } from './platform.ts'
import { checkAccess, dayLimit } from './rules/access.ts'
import type { Account } from './state/account.ts'

/** The official-account platform with the faults that its calls meet. */
export interface OfficialWorld extends CallFaults {
  readonly official: OfficialPlatform
  readonly now: () => number
}

/** Serves the official-account platform below `/official` (docs/upstream/README.md#pages). */
export function routeOfficial(app: FastifyInstance, world: OfficialWorld): void {
  app.register(async official => {
    // Uploads are bytes; the calls read their bodies themselves.
    official.removeAllContentTypeParsers()
    official.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const call of officialCalls)
      official.route({
        method: call.method === 'ANY' ? ['GET', 'POST'] : call.method,
        url: `/official${call.path}`,
        handler: (request, reply) => serve(world, call, request, reply),
      })
  })
}

function serve(
  world: OfficialWorld,
  call: Call,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const token = tokenOf(request)
  const refused = (errcode: number, text: string, fields: Input = {}): Outcome => {
    const rid = newRid()
    const body = JSON.stringify({ errcode, errmsg: `${text} rid: ${rid}`, ...fields })
    const account = accountOfFailure(world, request, token)
    account?.rids.add(rid, {
      invoke_time: Math.floor(world.now() / 1000),
      cost_in_ms: 1,
      request_url: request.url.replace('/official', ''),
      request_body: Buffer.isBuffer(request.body) ? request.body.toString('utf8').slice(0, 2000) : '',
      response_body: body,
      client_ip: request.ip,
    })
    return { outcome: String(errcode), body }
  }
  return underFault(world, `/official${call.path}`, reply, {
    run: async () => {
      try {
        return outcomeOf(await run(world, call, request, token), reply)
      } catch (error) {
        if (error instanceof OfficialError) return refused(error.errcode, error.message, error.fields)
        console.error(error)
        return refused(-1, officialErrcodes[-1])
      }
    },
    refuse: mode => {
      const errcode = refusal(world, mode, token)
      return refused(errcode, officialErrcodes[errcode as OfficialErrcode] ?? 'fault')
    },
  })
}

/** Articles hold what their authors wrote; WeChat's calls themselves have no such header. */
const articlePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:"

function outcomeOf(answer: Awaited<ReturnType<Call['run']>>, reply: FastifyReply): Outcome {
  if (!(answer instanceof Bytes)) {
    // Ids of template messages are numbers beyond 2^53.
    const body = JSON.stringify(answer).replace(/"msgid":"(\d+)"/, '"msgid":$1')
    return { outcome: String(answer['errcode'] ?? 0), body }
  }
  const { bytes, type, name, status } = answer
  if (type.startsWith('text/html')) reply.header('content-security-policy', articlePolicy)
  return {
    outcome: String(status === 200 ? 0 : status),
    body: bytes,
    type,
    status,
    ...(name !== undefined && { name }),
  }
}

/** The errcode of this fault. Tokens are really ended, so that the caller needs a new one. */
function refusal(world: OfficialWorld, mode: RefusalMode, token: string | undefined): number {
  const tokens = token === undefined ? undefined : world.official.byToken(token)?.tokens
  switch (mode) {
    case 'busy':
      return -1
    case 'rateLimit':
      return 45009
    case 'tokenExpired':
      tokens?.end(token!, 'expired')
      return 42001
    case 'tokenRevoked':
      tokens?.end(token!, 'revoked')
      return 40001
    default: {
      const code = Number(mode.slice('code:'.length))
      return Number.isInteger(code) ? code : -1
    }
  }
}

async function run(world: OfficialWorld, call: Call, request: FastifyRequest, token: string | undefined) {
  const query = { ...(request.query as Input), ...(request.params as Input) }
  const platform = world.official
  const account = call.token === 'account' ? authorise(world, call, token) : undefined
  const body = await readBody(request, call)
  // Calls without a token are declared without an account (`open` in call.ts).
  const ask = { platform, account, query, ...body, ip: request.ip } as CallRequest
  return call.run(ask)
}

function authorise(world: OfficialWorld, call: Call, token: string | undefined): Account {
  if (!token) throw new OfficialError(41001)
  const account = world.official.byToken(token)
  if (!account) throw new OfficialError(token.length < 100 ? 40014 : 40001)
  account.tokens.check(token)
  checkAccess(call.path, account.profile)
  account.usage.count(call.path, dayLimit(call.path, world.official.rules))
  return account
}

function accountOfFailure(
  world: OfficialWorld,
  request: FastifyRequest,
  token: string | undefined,
): Account | undefined {
  const sent = Buffer.isBuffer(request.body) ? request.body.toString('latin1') : ''
  const appId = (request.query as Input)['appid'] ?? /"appid"\s*:\s*"(\w+)"/.exec(sent)?.[1]
  if (token !== undefined) return world.official.byToken(token)
  return typeof appId === 'string' ? world.official.byAppId(appId) : undefined
}

function tokenOf(request: FastifyRequest): string | undefined {
  const token = (request.query as Input)['access_token']
  return typeof token === 'string' ? token : undefined
}
