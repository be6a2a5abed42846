import { text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import { type Call, ok } from './call.ts'

/** The tickets of the JS-SDK (docs/upstream/wecom-calls.md#js-sdk). */
export const jsTicketCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/get_jsapi_ticket',
    token: 'agent',
    run: ({ world, caller }) => answer(world.jsTickets.issue('corp', caller.agent!.agentId)),
  },
  {
    method: 'GET',
    path: '/cgi-bin/ticket/get',
    token: 'agent',
    run: ({ world, caller, input }) => {
      if (text(input, 'type', 40035) !== 'agent_config') throw new WecomError(40035)
      const { agentId } = caller.agent!
      return answer(world.jsTickets.issue(agentId, agentId))
    },
  },
]

const answer = ({ ticket, secondsLeft }: { ticket: string; secondsLeft: number }) => ({
  ...ok,
  ticket,
  expires_in: secondsLeft,
})
