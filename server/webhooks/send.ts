import type { Core } from '../core.ts'
import type { Words } from '../http/words.ts'
import type { Outbound } from '../security/outbound.ts'
import { OutboundRefused } from '../security/outbound-policy.ts'
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
export type Sent = { status: number | null; error: Words | null; ms: number; exchange: Exchange }

/**
 * Sends a body (JSON in UTF-8) to a webhook. Never throws, but when `signal` aborts. What answers in our own network is not told
 * apart: whoever may enter an address must not learn by it what stands there.
 */
export async function send(
  ctx: Core & { outbound: Outbound },
  webhook: Webhook,
  message: { id: string; body: Buffer },
  signal: AbortSignal,
): Promise<Sent> {
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
  const ended = (status: number | null, error: Words | null, answer: Exchange['answer'] = null): Sent => ({
    status,
    error,
    ms: Math.round(performance.now() - started),
    exchange: { ...exchange, answer },
  })
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  let wasInner = false
  // A name may lead elsewhere between the look and the call.
  const isInner = () => wasInner || ctx.outbound.hasLedInside(host)
  try {
    wasInner = (await ctx.outbound.place(host)).isInner
    const answer = await ctx.outbound.post(url, { headers, body, timeoutMs, answerBytes, signal })
    const { status } = answer
    if (status >= 200 && status < 300 && isInner()) return ended(status, null)
    if (isInner()) return ended(status === 410 ? status : null, inner)
    const told = { type: String(answer.headers['content-type'] ?? ''), body: answer.body.toString() }
    return ended(status, errorOf(status), told)
  } catch (error) {
    if (signal.aborted) throw error
    if (error instanceof OutboundRefused) return ended(null, error.words)
    ctx.log.info({ webhookId: webhook.id, url, error: String(error) }, 'webhook not reached')
    return ended(null, isInner() ? inner : causeOf(error))
  }
}

const inner: Words = {
  zh: '未收到 2xx 应答（地址在内网，详情只在服务器日志里；WISP_OUTBOUND_ALLOW 中列出的地址才显示详情）',
  en: "no 2xx answer (the address is in the internal network: only the server's log and, for addresses named in WISP_OUTBOUND_ALLOW, this log tell more)",
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
