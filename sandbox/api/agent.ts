import { integer } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import { userids } from '../state/wire.ts'
import { type Call, type CallRequest, ok } from './call.ts'

/** agent/get and agent/list (docs/upstream/wecom-directory.md#agents): an application reads only itself. */
export const agentCalls: readonly Call[] = [
  { method: 'GET', path: '/cgi-bin/agent/get', token: 'agent', run: getAgent },
  {
    method: 'GET',
    path: '/cgi-bin/agent/list',
    token: 'agent',
    run: ({ world, caller }) => {
      const { agentId, name } = caller.agent!
      return {
        ...ok,
        agentlist: [{ agentid: agentId, name, square_logo_url: `${world.url}/avatar/${agentId}/0` }],
      }
    },
  },
]

function getAgent({ world, caller, input }: CallRequest): Record<string, unknown> {
  const agent = caller.agent!
  const wanted = integer(input, 'agentid', 40056)
  if (wanted === undefined) throw new WecomError(41011)
  if (wanted !== agent.agentId) throw new WecomError(301002)
  const users = userids(world.state, agent.visible.users)
  return {
    ...ok,
    agentid: agent.agentId,
    name: agent.name,
    square_logo_url: `${world.url}/avatar/${agent.agentId}/0`,
    description: agent.description,
    allow_userinfos: { user: users.map(userid => ({ userid })) },
    allow_partys: { partyid: agent.visible.departments },
    allow_tags: { tagid: agent.visible.tags },
    close: agent.disabled ? 1 : 0,
    redirect_domain: agent.trustedDomain,
    report_location_flag: 0,
    isreportenter: 0,
    home_url: '',
    customized_publish_status: 1,
  }
}
