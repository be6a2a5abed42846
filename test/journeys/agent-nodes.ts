import { expect } from 'vitest'
import type { Caller, World } from '../harness.ts'
import { type Gateway, startGateway } from './gateway.ts'
import { type Nodes, startNodes } from './nodes-under-fire.ts'

/**
 * Lets WeCom push what an agent hears to one address, behind which any of two nodes answers, and closes the world's own server. Call it
 * when all that the world's server is needed for is done.
 */
export async function startAgentNodes(
  world: World,
  dev: Caller,
): Promise<{ gateway: Gateway; nodes: Nodes; agentId: number }> {
  const gateway = await startGateway()
  gateway.target = () => world.server.url
  await world.connectAgent()
  const { agents } = (await world.control('agents')) as {
    agents: { agentId: number; callback: object | null }[]
  }
  const own = agents.find(one => one.callback) as { agentId: number; callback: { url: string } }
  const url = own.callback.url.replace(world.server.url, gateway.url)
  const { timeoutMs: _, ...callback } = own.callback as { url: string; timeoutMs?: number }
  const saved = await world.control('agents/callback', { agentId: own.agentId, ...callback, url })
  expect(saved['error']).toBeUndefined()
  await world.server.close()
  const nodes = await startNodes({ ...world, dev })
  gateway.target = () => nodes.url()
  return { gateway, nodes, agentId: own.agentId }
}
