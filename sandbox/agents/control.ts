import type { FastifyInstance } from 'fastify'
import { ControlError, controlBody, onlyKeys, optional } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { readCallback } from '../push/receive-url.ts'
import { act } from './act.ts'
import { knownAgent } from './known-agent.ts'
import { pushToAgent } from './push.ts'
import type { Fields } from './pusher.ts'
import type { AgentWorld } from './world.ts'

/** /_sandbox/agents/*: what WeCom's console sets of agents' receive URLs, and what is pushed to them. */
export function routeAgentControl(control: FastifyInstance, world: AgentWorld): void {
  const post = (url: string, run: (input: Input) => unknown): void => {
    control.post(`/_sandbox/agents/${url}`, async request => (await run(controlBody(request.body))) ?? {})
  }
  control.get('/_sandbox/agents', async () => ({
    agents: describe(world),
    pending: world.agentPusher.pending,
  }))
  control.get('/_sandbox/agents/pushes', async request => {
    const input = request.query as Input
    onlyKeys(input, 'agentId')
    return { pushes: world.agentPusher.recent(optional(input, 'agentId', knownAgent(world))) }
  })
  post('callback', input => setAgentCallback(world, input))
  post('push', input => push(world, input))
  post('act', input => act(world, input))
}

function describe(world: AgentWorld) {
  return world.agents.map(({ agentId, name, description }) => {
    const pushes = world.agentPusher.recent(agentId)
    const count = (state: string): number => pushes.filter(one => one.state === state).length
    return {
      agentId,
      name,
      description,
      callback: world.settings.agentCallbacks[agentId] ?? null,
      menu: world.settings.agentMenus[agentId] ?? [],
      answered: count('answered'),
      failed: count('failed'),
      waiting: count('waiting'),
    }
  })
}

/**
 * Saves an agent's receive URL as WeCom's console does at 接收消息 → 设置API接收, which is only after the URL has answered the
 * verification (docs/upstream/wecom-agents.md#pushes). `url: null` removes it.
 */
export async function setAgentCallback(
  world: AgentWorld,
  { agentId: given, ...input }: Input,
): Promise<object> {
  const agentId = knownAgent(world)(given, 'agentId')
  const { [agentId]: _before, ...others } = world.settings.agentCallbacks
  if (input['url'] === null) {
    world.changeSettings({ agentCallbacks: others })
    return { saved: true, callback: null }
  }
  const callback = readCallback(input)
  try {
    await world.agentPusher.verify(callback)
  } catch (error) {
    throw new ControlError(`verification of ${callback.url} failed: ${(error as Error).message}`)
  }
  world.changeSettings({ agentCallbacks: { ...world.settings.agentCallbacks, [agentId]: callback } })
  return { saved: true, callback }
}

/** Any push, for what nobody can do on a telephone. */
async function push(world: AgentWorld, input: Input): Promise<object> {
  onlyKeys(input, 'agentId', 'fields')
  const fields = input['fields']
  if (typeof fields !== 'object' || fields === null) throw new ControlError('fields must be an object')
  return pushToAgent(world, knownAgent(world)(input['agentId'], 'agentId'), fields as Fields)
}
