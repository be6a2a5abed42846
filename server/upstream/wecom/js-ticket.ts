import type { StoredToken } from '../transport/token-source.ts'
import { createCaller, type WecomCallOptions } from './call.ts'
import { checkShape } from './shapes.ts'

/**
 * The corp's ticket signs what pages give to wx.config, the agent's what they give to wx.agentConfig
 * (docs/upstream/wecom-calls.md#js-sdk).
 */
export type JsTicketKind = 'corp' | 'agent'

const calls = {
  corp: { path: '/cgi-bin/get_jsapi_ticket' },
  agent: { path: '/cgi-bin/ticket/get', query: { type: 'agent_config' } },
} as const

/** A page waits for the answer, and WeCom counts each call, so a call is repeated only if its token was dead. */
const hasty = { timeoutMs: 5000, retries: 0, limitRetries: 0 }

/** Asks with an agent's secret. Throws WecomError and WecomUnavailable. */
export async function fetchJsTicket(
  options: WecomCallOptions,
  kind: JsTicketKind,
  now: () => number,
): Promise<StoredToken> {
  const askedAt = now()
  const answer = await createCaller({ ...options, ...hasty })(calls[kind])
  const { ticket, expires_in } = checkShape('jsTicket', calls[kind].path, answer)
  return { token: ticket, expiresAt: askedAt + expires_in * 1000 }
}
