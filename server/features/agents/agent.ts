import { type Agent, type Corp, type Corps, unknownAgent } from '../../organisation/corps/corps.ts'
import { integer } from '../../platform/http/input.ts'
import { administrator } from '../../platform/http/page-call.ts'
import { callsAbout } from '../../platform/http/pages/calls-about.ts'
import { agentOwner, type Owner } from '../auto-replies/conversation-owner.ts'

/** An agent that a corp lets wisp use. */
export type AgentOfCorp = { corp: Corp; agent: Agent }

/** Throws 1000. */
export function agentOf(ctx: { corps: Corps }, corpId: string, agentId: number): AgentOfCorp {
  const corp = ctx.corps.get(corpId)
  const agent = corp.agents.find(one => one.agentId === agentId)
  if (!agent) throw unknownAgent(agentId)
  return { corp, agent }
}

/** Returns the owner of the menus, rules and flows of a WeCom app. */
export const ownerOf = ({ corp, agent }: AgentOfCorp): Owner => agentOwner(corp.corpId, agent.agentId)

/** Where page calls about an agent are, and how they name it. */
export const agentPageKind = {
  base: '/web/agents',
  access: administrator('super'),
  points: {
    read: 'agent:read',
    content: 'agent:content',
    inspect: 'agent:inspect',
    replay: 'agent:edit',
  },
  input: { agentId: integer('企业微信自建应用的 AgentId', { min: 1, max: 2_147_483_647 }) },
} as const

/** Declares page calls about an agent of the corp. */
export const agentCall = callsAbout({
  ...agentPageKind,
  find: (ctx: { corps: Corps }, { input, corpId }) => agentOf(ctx, corpId, input.agentId),
})
