import { createServer, type RequestListener, type Server } from 'node:http'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { calls } from './api/calls.ts'
import { routeCalls } from './api/serve.ts'
import { avatarPng } from './avatar.ts'
import { routeControl } from './control/routes.ts'
import type { CorpOptions } from './corp/corp.ts'
import { type CorpServer, Corps } from './corps.ts'
import { routeNotFound } from './not-found.ts'
import { type OfficialAccounts, officialOf } from './official/accounts.ts'
import { routeOfficial } from './official/serve.ts'
import { routePages } from './pages/routes.ts'
import { type PayAccounts, payOf } from './pay/merchants.ts'
import { routePay } from './pay/serve.ts'
import { robotsOf, type SandboxRobot } from './robots/robots.ts'
import { routeRobots } from './robots/serve.ts'
import type { Settings } from './settings.ts'
import type { SmsAccounts } from './sms/account.ts'
import { smsOf } from './sms/desk.ts'
import { routeSms } from './sms/serve.ts'
import { type SmtpAddress, startSmtp } from './smtp/server.ts'
import { agentIds } from './state/identity.ts'
import { openWorld, type World } from './world/world.ts'

export interface SandboxOptions {
  /** With 0, the default, a free port is chosen. */
  port?: number
  host?: string
  /** Port of the mail server. With 0, the default, a free port is chosen. */
  smtpPort?: number
  /**
   * Directory of the journal; without it nothing is kept after close(). When a journal exists there, the
   * sizes below are ignored.
   */
  dataDir?: string
  members?: number
  departments?: number
  tags?: number
  /** Determines the sample corp and, at the first start, the corp id and the secrets. */
  seed?: number
  now?: () => number
  /** The root department's name. */
  company?: string
  /**
   * A customer of today: the restrictions of 2022 hold, and all secrets are for these addresses alone (60020). A journal that is
   * there wins, as for the sizes.
   */
  newCustomerFrom?: string[]
  /** The other corps of the same WeCom. */
  corps?: Corps
}

/** A running sandbox WeCom (sandbox/README.md). */
export interface Sandbox {
  /** Replaces https://qyapi.weixin.qq.com; has no trailing slash. */
  url: string
  corpId: string
  contactSecret: string
  /**
   * The first agent sees everything, the second one department below the root, the third a few departments,
   * one member and one tag.
   */
  agents: { agentId: number; secret: string; name: string }[]
  /** Group robots of three vendors, with their addresses here. */
  robots: (SandboxRobot & { address: string })[]
  /** Credentials, sign names and templates of both SMS vendors. Both answer at `endpoint`, which is `host:port`. */
  sms: SmsAccounts & { endpoint: string }
  /** The official-account platform (docs/upstream/official-calls.md) with the ids and secrets of its accounts. */
  official: OfficialAccounts
  /** WeChat Pay (docs/upstream/wechat-pay-calls.md) with its merchants; asking for it makes their keys. */
  readonly pay: PayAccounts
  /** The mail server; `ca` is the PEM of its certificate. */
  smtp: SmtpAddress
  /** Generates a new corp; see World.reset for what is kept. */
  reset(options?: CorpOptions): Promise<void>
  close(): Promise<void>
}

/** Starts a sandbox; rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { members, departments, tags, seed, company, newCustomerFrom, corps = new Corps() } = options
  const size = { members, departments, tags, seed, company }
  const world = openWorld({
    size,
    dataDir: options.dataDir,
    now: options.now ?? Date.now,
    ...(newCustomerFrom && { settings: newCustomer(newCustomerFrom) }),
  })
  const own: CorpServer = { world, handle: () => undefined }
  const app = buildApp(world, undefined, handle => {
    own.handle = handle
    return createServer((request, response) => corps.handlerOf(own, request)(request, response))
  })
  const host = options.host ?? '127.0.0.1'
  let smtp: Awaited<ReturnType<typeof startSmtp>> | undefined
  try {
    smtp = await startSmtp(world, { host, port: options.smtpPort ?? 0 })
    world.smtp = smtp.address
    world.url = await app.listen({ port: options.port ?? 0, host })
  } catch (error) {
    await smtp?.close()
    await app.close()
    await Promise.all(pushersOf(world).map(one => one.close()))
    world.journal.close()
    throw error
  }
  corps.join(own)
  world.pusher.start()
  world.agentPusher.start()
  world.official.start()
  world.pay.start()
  return {
    url: world.url,
    corpId: world.identity.corpId,
    contactSecret: world.identity.contactSecret,
    agents: world.agents.map(({ agentId, secret, name }) => ({ agentId, secret, name })),
    robots: robotsOf(world),
    sms: smsOf(world),
    official: officialOf(world.official),
    get pay() {
      return payOf(world.pay)
    },
    smtp: smtp.address,
    reset: async next => world.reset(next ?? world.state.size),
    close: async () => {
      corps.leave(own)
      await app.close()
      await smtp.close()
      await Promise.all(pushersOf(world).map(one => one.close()))
      world.journal.close()
    },
  }
}

const pushersOf = ({ pusher, agentPusher, official, pay }: World) => [pusher, agentPusher, official, pay]

const newCustomer = (ips: string[]): Partial<Settings> => ({
  regime: 'restricted',
  trustedIps: Object.fromEntries(['contact', ...agentIds].map(owner => [owner, ips])),
})

/** Registers every route of the sandbox; `onRoute` is called for each. */
export function buildApp(
  world: World,
  onRoute: (route: RouteOptions) => void = () => {},
  serverFactory: (handle: RequestListener) => Server = handle => createServer(handle),
): FastifyInstance {
  const app = Fastify({
    serverFactory: (handle: RequestListener): Server => serverFactory(handle),
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    bodyLimit: 24 * 1024 * 1024,
    routerOptions: { maxParamLength: 200 },
  })
  app.addHook('onRoute', onRoute)
  // The control API reads every body as JSON, whatever its content type says.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  routeRobots(app, world)
  routeCalls(app, world, calls)
  routeControl(app, world)
  routeSms(app, world)
  routeOfficial(app, world)
  routePay(app, world)
  routePages(app, world)
  routeNotFound(app)
  app.get<{ Params: { number: string; size: string } }>('/avatar/:number/:size', (request, reply) => {
    const number = Number(request.params.number)
    if (!Number.isSafeInteger(number)) return reply.code(404).send()
    return reply.type('image/png').send(avatarPng(number, request.params.size === '0' ? 160 : 100))
  })
  return app
}
