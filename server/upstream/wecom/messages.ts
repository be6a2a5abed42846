import { exchange, type UpstreamAnswer } from '../transport/exchange.ts'
import { wasMade } from '../transport/no-answer.ts'
import type { UpstreamPool } from '../transport/pool.ts'
import type { TokenSource } from '../transport/token-source.ts'
import { createApprovals, type WecomApprovals } from './approvals/calls.ts'
import { createChats, type WecomChats, type WecomErrand } from './chats.ts'
import { WecomError, WecomUnavailable } from './errors.ts'
import { isDeadToken } from './passing.ts'

/** WeCom's answer for an accepted message (docs/upstream/wecom-messages.md#sending). Ids in `invalidUsers` are in lower case. */
export type SentMessage = {
  msgId: string
  invalidUsers: string[]
  invalidParties: string[]
  invalidTags: string[]
  /** Members without an interface licence. */
  unlicensedUsers: string[]
  /** Good once, for 72 hours, to change the card; '' for what is no card. */
  responseCode: string
}

/**
 * Sends messages with one agent's secret. There is one attempt per call, because only the caller knows what may be sent
 * twice. Throws WecomError when WeCom refuses, and WecomUnavailable, whose `ambiguous` says whether the message may have
 * arrived.
 */
export type WecomMessenger = {
  send(request: object): Promise<SentMessage>
  /** Changes a card of those who got it; returns the userids that WeCom refused (docs/upstream/wecom-cards.md#updates). */
  updateCard(request: object): Promise<string[]>
  /** Works for messages of the last 24 hours (docs/upstream/wecom-messages.md#recall-and-figures). */
  recall(msgId: string): Promise<void>
  /** Group chats that the agent made. */
  chats: WecomChats
  /** 审批, where the agent is one of its callable applications. */
  approvals: WecomApprovals
}

export type MessengerOptions = {
  baseUrl: string
  secret: string
  tokens: TokenSource
  pool: UpstreamPool
  timeoutMs?: number
  onCall?: (call: { path: string; errcode: number | 'network'; ms: number }) => void
}

export function createWecomMessenger(options: MessengerOptions): WecomMessenger {
  const { baseUrl, pool, tokens, timeoutMs = 15_000 } = options

  async function once(
    path: string,
    { body, query: named = {} }: WecomErrand,
    token: string,
  ): Promise<UpstreamAnswer> {
    const started = performance.now()
    const report = (errcode: number | 'network') =>
      options.onCall?.({ path, errcode, ms: performance.now() - started })
    try {
      const query = { access_token: token, ...named }
      const answer = await exchange({
        pool,
        baseUrl,
        path,
        query,
        body,
        failure: WecomUnavailable,
        needsErrcode: true,
        timeoutMs,
      })
      report(answer.errcode)
      if (answer.errcode === 0) return answer
      throw new WecomError(answer.errcode, answer.errmsg, path, [token, options.secret])
    } catch (error) {
      if (!(error instanceof WecomError) && wasMade(error)) report('network')
      throw error
    }
  }

  /** A rejected token means that nothing was done, so the call is repeated once with a new token. */
  async function call(path: string, errand: WecomErrand): Promise<UpstreamAnswer> {
    const token = await beforehand(path, tokens.get())
    try {
      return await once(path, errand, token)
    } catch (error) {
      if (!isDeadToken(error)) throw error
      return once(path, errand, await beforehand(path, tokens.renew(token)))
    }
  }

  return {
    async send(request) {
      const answer = await call('/cgi-bin/message/send', { body: request })
      return {
        msgId: String(answer['msgid'] ?? ''),
        invalidUsers: splitIds(answer['invaliduser']),
        invalidParties: splitIds(answer['invalidparty']),
        invalidTags: splitIds(answer['invalidtag']),
        unlicensedUsers: splitIds(answer['unlicenseduser']),
        responseCode: String(answer['response_code'] ?? ''),
      }
    },
    async updateCard(request) {
      const { invaliduser } = await call('/cgi-bin/message/update_template_card', { body: request })
      return Array.isArray(invaliduser) ? invaliduser.map(String) : splitIds(invaliduser)
    },
    async recall(msgId) {
      await call('/cgi-bin/message/recall', { body: { msgid: msgId } })
    },
    chats: createChats(call),
    approvals: createApprovals(call),
  }
}

/** However fetching a token fails, nothing of the message has been sent. */
async function beforehand(path: string, token: Promise<string>): Promise<string> {
  try {
    return await token
  } catch (error) {
    if (error instanceof WecomError) throw error
    const reason = error instanceof WecomUnavailable ? error.reason : 'network'
    throw new WecomUnavailable(path, reason, `no access token: ${String(error)}`, { ambiguous: false })
  }
}

function splitIds(joined: unknown): string[] {
  return typeof joined === 'string' ? joined.split('|').filter(Boolean) : []
}
