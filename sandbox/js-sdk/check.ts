import { createHash } from 'node:crypto'
import type { Input } from '../http/input.ts'
import type { Agent, Identity } from '../state/identity.ts'
import type { JsTickets } from './tickets.ts'

/** What the check of a page's signature uses of the corp. */
export interface JsSdkWorld {
  readonly identity: Identity
  readonly agents: readonly Agent[]
  readonly jsTickets: JsTickets
}

/**
 * What wx.config is answered, or with an `agentid` wx.agentConfig. The page must be on the trusted domain of the agent, for
 * wx.config on that of any agent; an agent without one allows every page.
 */
export function checkPage(world: JsSdkWorld, input: Input): { errMsg: string } {
  const given = (name: string) => String(input[name] ?? '')
  const isOfAgent = input['agentid'] !== undefined
  const call = isOfAgent ? 'agentConfig' : 'config'
  const refuse = (why: string) => ({ errMsg: `${call}:${why}` })
  if (given('corpid') !== world.identity.corpId) return refuse('invalid corpId')
  const agents = world.agents.filter(
    agent => !agent.disabled && (!isOfAgent || String(agent.agentId) === given('agentid')),
  )
  const [agent] = agents
  if (!agent) return refuse('invalid agentid')
  const url = given('url')
  const host = URL.parse(url)?.host
  if (agents.every(({ trustedDomain }) => trustedDomain !== '' && trustedDomain !== host))
    return refuse('invalid url domain')
  const ticket = world.jsTickets.living(isOfAgent ? agent.agentId : 'corp')?.ticket
  const signed = `jsapi_ticket=${ticket}&noncestr=${given('nonceStr')}&timestamp=${given('timestamp')}&url=${url}`
  const isRight = given('signature') === createHash('sha1').update(signed).digest('hex')
  return ticket !== undefined && isRight ? { errMsg: `${call}:ok` } : refuse('invalid signature')
}
