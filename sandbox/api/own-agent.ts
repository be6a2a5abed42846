import { integer } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CallRequest } from './call.ts'

/** The application that sends. Errors: 41011 missing, 40056 unknown, 301002 not the application of this token. */
export function ownAgent({ world, caller, input }: CallRequest): number {
  const agentId = integer(input, 'agentid', 40056)
  if (agentId === undefined) throw new WecomError(41011)
  if (!world.agents.some(agent => agent.agentId === agentId)) throw new WecomError(40056)
  if (agentId !== caller.agent!.agentId) throw new WecomError(301002)
  return agentId
}
