import { text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { Call } from './call.ts'
import { ok } from './call.ts'

/** gettoken and the calls about addresses (docs/upstream/wecom-calls.md#access-tokens). */
export const tokenCalls: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/gettoken',
    token: 'nobody',
    run: ({ world, input }) => {
      const corpId = text(input, 'corpid', 40013)
      const secret = text(input, 'corpsecret', 40001)
      if (!corpId) throw new WecomError(41002)
      if (!secret) throw new WecomError(41004)
      if (corpId !== world.identity.corpId) throw new WecomError(40013)
      const agent = world.agents.find(item => item.secret === secret)
      if (!agent && secret !== world.identity.contactSecret) throw new WecomError(40001)
      if (agent?.disabled) throw new WecomError(50003)
      const { token, expiresAt } = world.tokens.issue(agent?.agentId ?? 'contact')
      const left = Math.max(1, Math.floor((expiresAt - world.now()) / 1000))
      return { ...ok, access_token: token, expires_in: left }
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/get_api_domain_ip',
    token: 'any',
    run: () => ({ ...ok, ip_list: ['127.0.0.1', '127.0.0.*'] }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/getcallbackip',
    token: 'any',
    run: () => ({ ...ok, ip_list: ['127.0.0.1', '127.0.0.*'] }),
  },
]
