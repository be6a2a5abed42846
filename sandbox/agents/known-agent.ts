import { ControlError, whole } from '../http/control-input.ts'
import type { AgentWorld } from './world.ts'

/** Reads the id of an agent of the corp. Throws ControlError. */
export const knownAgent =
  (world: Pick<AgentWorld, 'agents'>) =>
  (value: unknown, key: string): number => {
    const id = whole(1, 0x7fffffff)(value, key)
    if (world.agents.some(agent => agent.agentId === id)) return id
    throw new ControlError(`${key} must be one of ${world.agents.map(agent => agent.agentId).join(', ')}`)
  }
