import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { routeAgentControl } from '../agents/control.ts'
import { routeApprovals } from '../approvals/control.ts'
import { routeCards } from '../cards/control.ts'
import { edits } from '../edits/edits.ts'
import { ControlError, controlBody, onlyKeys, optional, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { officialOf } from '../official/accounts.ts'
import { routeOfficialControl } from '../official/control/routes.ts'
import { routePayControl } from '../pay/control/routes.ts'
import { payOf } from '../pay/merchants.ts'
import { routeRobotControl } from '../robots/control.ts'
import { robotsOf } from '../robots/robots.ts'
import { errcodes, failure, WecomError } from '../rules/errcodes.ts'
import { SignInRefused } from '../sign-in/request.ts'
import { routeSignIn } from '../sign-in/routes.ts'
import { smsOf } from '../sms/desk.ts'
import { setAgents, setCallback, setLicences, setLimits, setRegime, setTrustedIps } from './console.ts'
import { routeCorp } from './corp.ts'
import { addFault, issueCode } from './faults.ts'
import { findMembers } from './members.ts'
import { routeMessages, setSms } from './messages.ts'
import { stateStream } from './state-stream.ts'
import { routeTour } from './tour.ts'
import type { ControlWorld } from './world.ts'

/** /_sandbox/*, the control API for scripts (sandbox/README.md#control). Only callers on this machine are answered. */
export function routeControl(app: FastifyInstance, world: ControlWorld): void {
  app.register(async control => {
    control.addHook('onRequest', async (request, reply) => {
      if (isLoopback(request.socket.remoteAddress ?? '')) return
      return reply.code(403).send({ error: 'the control answers this machine only' })
    })
    control.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const status =
        error instanceof ControlError || error instanceof SignInRefused ? 400 : (error.statusCode ?? 500)
      reply.code(status).send({ error: error.message })
    })
    const calls: { method: string; path: string }[] = []
    control.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) if (one !== 'HEAD') calls.push({ method: one, path: url })
    })
    control.get('/_sandbox', async () => ({ about: 'sandbox/README.md#control', calls }))
    const post = (url: string, run: (input: Input) => unknown): void => {
      control.post(`/_sandbox/${url}`, async request => (await run(controlBody(request.body))) ?? {})
    }
    control.get('/_sandbox/state', (_request, reply) =>
      reply.type('application/json').send(stateStream(world)),
    )
    control.get('/_sandbox/info', async () => describe(world))
    control.get('/_sandbox/calls', async () => world.calls.toJSON())
    control.delete('/_sandbox/calls', async () => {
      world.calls.clear()
      return {}
    })
    routeRobotControl(control, world)
    routeChats(control, world)
    control.get('/_sandbox/faults', async () => ({ faults: world.faults.list() }))
    control.delete('/_sandbox/faults', async request => {
      world.faults.clear(optional(request.query as Input, 'id', whole(1, Number.MAX_SAFE_INTEGER)))
      return {}
    })
    control.delete('/_sandbox/jsTickets', async () => {
      world.jsTickets.end()
      return {}
    })
    control.get('/_sandbox/callback', async () => callbackState(world))
    control.delete('/_sandbox/callback', async () => setCallback(world, { url: null }))
    routeMessages(control, world)
    routeSignIn(control, world)
    routeCorp(control, world)
    routeTour(control, world)
    routeAgentControl(control, world)
    routeCards(control, world)
    routeApprovals(control, world)
    routeOfficialControl(control, world.official)
    routePayControl(control, world.pay)
    control.get('/_sandbox/workbench', async request => {
      const { userid = '' } = request.query as { userid?: string }
      return { agents: world.workbench.shownTo(userid) }
    })
    control.get('/_sandbox/members', async request => findMembers(world, request.query as Input))
    post('sms', input => setSms(world, input))
    post('reset', input => reset(world, input))
    post('faults', input => addFault(world, input))
    post('code', input => issueCode(world, input))
    post('callback', input => setCallback(world, input))
    post('regime', input => setRegime(world, input))
    post('trustedIps', input => setTrustedIps(world, input))
    post('limits', input => setLimits(world, input))
    post('licences', input => setLicences(world, input))
    post('agents', input => setAgents(world, input))
    control.get('/_sandbox/callback/recent', async () => ({ pushes: world.pusher.recent.list() }))
    control.post('/_sandbox/admin/:family/:op', (request, reply) => edit(world, request, reply, 'console'))
    control.post('/_sandbox/silent/:family/:op', (request, reply) => edit(world, request, reply, 'contact'))
  })
}

/** Group chats with the userids of their people. */
function routeChats(control: FastifyInstance, world: ControlWorld): void {
  control.get('/_sandbox/chats', async () => ({
    chats: world.chats.all(world.state).map(({ members, owner, ...chat }) => ({
      ...chat,
      owner: world.state.userids[owner],
      members: members.map(slot => world.state.userids[slot]),
    })),
  }))
}

export const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address)

/**
 * Edits with the same JSON and the same answers as /cgi-bin. What is done in WeCom's console is called back; what the contact secret does
 * through the API is not.
 */
async function edit(
  world: ControlWorld,
  request: FastifyRequest,
  reply: FastifyReply,
  editor: 'console' | 'contact',
): Promise<unknown> {
  const { family, op } = request.params as { family: string; op: string }
  const name = `${family}/${op}`
  const known = Object.keys(edits).filter(one => editor === 'console' || one !== 'user/rename')
  if (!known.includes(name)) {
    return reply.code(404).send({ error: `${name} is no edit; known are ${known.join(', ')}` })
  }
  const input = controlBody(request.body)
  try {
    const answer = world.commit(name, input, editor)
    world.tour.edits++
    return answer
  } catch (error) {
    if (error instanceof WecomError) return failure(error.errcode, error.message, request.ip)
    request.log.error(error)
    return failure(-1, errcodes[-1], request.ip)
  }
}

function reset(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'members', 'departments', 'tags', 'seed')
  const size = {
    members: optional(input, 'members', whole(0, 2_000_000)),
    departments: optional(input, 'departments', whole(1, 30_000)),
    tags: optional(input, 'tags', whole(0, 3000)),
    seed: optional(input, 'seed', whole(0, 0xffffffff)),
  }
  world.reset(size)
  return describe(world)
}

function describe(world: ControlWorld): object {
  const { state, settings, identity } = world
  return {
    corpId: identity.corpId,
    contactSecret: identity.contactSecret,
    agents: world.agents,
    members: state.memberCount,
    departments: state.departments.size,
    tags: state.tags.size,
    seed: state.size.seed,
    regime: settings.regime,
    trustedIps: settings.trustedIps,
    limits: settings.limits,
    robots: robotsOf(world),
    sms: smsOf(world),
    official: officialOf(world.official),
    pay: payOf(world.pay),
    smtp: world.smtp,
    messages: world.messages.size,
  }
}

function callbackState(world: ControlWorld): object {
  const { counters, pending, lastError } = world.pusher
  return { callback: world.settings.callback, ...counters, pending, lastError }
}
