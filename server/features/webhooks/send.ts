import type { Core } from '../../platform/core.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import type { Words } from '../../platform/words.ts'
import { attemptPurpose } from './sealed.ts'
import { liveSecrets, signatures } from './secrets.ts'
import type { Webhook } from './webhook-store.ts'

const timeoutMs = 15_000
/** What is kept of a request's and an answer's body. */
const requestBytes = 8192
const answerBytes = 2048

/** A call of a webhook as the log shows it. `isCut`: the body was longer. */
export type Exchange = {
  url: string
  headers: Record<string, string>
  body: string
  isCut: boolean
  answer: { type: string; body: string } | null
}

/** `status`: null without an answer. `error`: why it does not count as received; null when it does. */
export type SendResult = { status: number | null; error: Words | null; ms: number; exchange: Exchange }

/** Sends a body (JSON in UTF-8) to a webhook. Never throws, but when `signal` aborts. */
export async function send(
  ctx: Core & { outbound: Outbound },
  webhook: Webhook,
  message: { id: string; body: Buffer },
  signal: AbortSignal,
): Promise<SendResult> {
  const { id, body } = message
  const { url } = webhook
  const seconds = Math.floor(ctx.now() / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'wisp-webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures(liveSecrets(ctx, webhook, ctx.now()), id, seconds, body),
  }
  const exchange: Exchange = {
    url,
    headers,
    body: body.subarray(0, requestBytes).toString(),
    isCut: body.length > requestBytes,
    answer: null,
  }
  const started = performance.now()
  const ended = (
    status: number | null,
    error: Words | null,
    answer: Exchange['answer'] = null,
  ): SendResult => ({
    status,
    error,
    ms: Math.round(performance.now() - started),
    exchange: { ...exchange, answer },
  })
  const asker = { slot: 'developers', of: webhook.devId } as const
  const errand = { asker, timeoutMs, signal, headers, body, answerBytes }
  try {
    return await ctx.outbound.post(url, errand, ({ status, headers, body, isInner }) => {
      const error = errorOf(status)
      if (!isInner)
        return ended(status, error, { type: String(headers['content-type'] ?? ''), body: body.toString() })
      // A receiver that answers 410 wants no more events.
      if (error && status !== 410) throw new OutboundRefused(error)
      return ended(status, error)
    })
  } catch (error) {
    if (signal.aborted) throw error
    if (error instanceof OutboundRefused) return ended(null, error.words)
    ctx.log.info({ webhookId: webhook.id, url, error: String(error) }, 'webhook not reached')
    return ended(null, causeOf(error))
  }
}

function errorOf(status: number): Words | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400)
    return { zh: `HTTP ${status}：不跟随重定向`, en: `HTTP ${status}: redirects are not followed` }
  return { zh: `HTTP ${status}`, en: `HTTP ${status}` }
}

const causes: Record<string, Words> = {
  ENOTFOUND: { zh: '域名无法解析', en: 'the host name cannot be resolved' },
  EAI_AGAIN: { zh: '域名暂时无法解析', en: 'the host name cannot be resolved for the moment' },
  ECONNREFUSED: { zh: '连接被拒绝', en: 'connection refused' },
  ECONNRESET: { zh: '连接被对方断开', en: 'the other side closed the connection' },
  UND_ERR_SOCKET: { zh: '连接被对方断开', en: 'the other side closed the connection' },
  UND_ERR_CONNECT_TIMEOUT: { zh: '连接超时', en: 'connecting took too long' },
}

function causeOf(error: unknown): Words {
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (name === 'TimeoutError')
    return { zh: `${timeoutMs / 1000} 秒内没有应答`, en: `no answer within ${timeoutMs / 1000} s` }
  return causes[code ?? ''] ?? { zh: `请求失败：${message}`, en: `the request failed: ${message}` }
}

export function sealExchange({ seal }: Pick<Core, 'seal'>, exchange: Exchange): string {
  return seal.seal(JSON.stringify(exchange), attemptPurpose)
}

export function openExchange({ seal }: Pick<Core, 'seal'>, content: string): Exchange {
  return JSON.parse(seal.open(content, attemptPurpose)) as Exchange
}
