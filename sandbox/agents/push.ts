import { ControlError } from '../http/control-input.ts'
import type { AgentDelivery, Fields } from './pusher.ts'
import type { ParsedXml } from './reply.ts'
import type { AgentWorld } from './world.ts'

/** The first MsgId is beyond 2^53, as WeCom's are. */
const msgIdBase = 7_286_000_000_000_000_000n
let lastMsgId = 0n

export function nextMsgId(): string {
  return String(msgIdBase + BigInt(Date.now()) * 1000n + (++lastMsgId % 1000n))
}

/**
 * Pushes something to an agent's receive URL: a message, or with `Event` an event. What the fields leave out of the head is added:
 * the corp, the time, the agent's number, and a MsgId for messages. Resolves when it was delivered or given up; `reply` is what was
 * answered, decrypted and parsed. Throws ControlError for an unknown agent.
 */
export async function pushToAgent(
  world: AgentWorld,
  agentId: number,
  fields: Fields,
): Promise<AgentDelivery & { reply: ParsedXml | null }> {
  if (!world.agents.some(agent => agent.agentId === agentId))
    throw new ControlError(`agentId must be one of ${world.agents.map(agent => agent.agentId).join(', ')}`)
  const { MsgType = fields['Event'] === undefined ? 'text' : 'event', AgentID = agentId, ...rest } = fields
  const { ToUserName = world.identity.corpId, FromUserName = 'sys', CreateTime, MsgId, ...own } = rest
  const isMessage = MsgType !== 'event'
  const whole: Fields = {
    ToUserName,
    FromUserName,
    CreateTime: CreateTime ?? Math.floor(world.now() / 1000),
    MsgType,
    ...own,
    ...(isMessage || MsgId !== undefined ? { MsgId: MsgId ?? nextMsgId() } : {}),
    ...(AgentID === '' ? {} : { AgentID }),
  }
  const name = String(isMessage ? MsgType : own['Event'])
  const userId = FromUserName === 'sys' ? '' : String(FromUserName)
  return world.agentPusher.push({ agentId, name, userId }, whole)
}
