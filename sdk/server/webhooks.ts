import { type Bytes, bytesOf, concat, fromBase64, toBase64 } from './encoding.ts'
import { WispError } from './errors.ts'
import type { WispEvent } from './events/types.ts'

/** 推送不是 wisp 发出的，或时间相差太多；`reason` 是没有通过的一项。· The push was not sent by wisp, or its time is off too far; `reason` is the check that failed. */
export class WebhookVerificationError extends WispError {
  override readonly name = 'WebhookVerificationError'
  readonly reason: WebhookFault

  constructor(reason: WebhookFault) {
    super(faults[reason])
    this.reason = reason
  }
}

export type WebhookFault = keyof typeof faults

const faults = {
  missingHeader:
    '缺少 webhook-id、webhook-timestamp 或 webhook-signature 请求头（one of these headers is missing）',
  badTimestamp: 'webhook-timestamp 不是秒数（webhook-timestamp is no number of seconds）',
  tooOld:
    '时间过早：请核对本机时间，重放的请求也会如此（too old: check the clock; so is a replayed request）',
  tooNew: '时间在将来：请核对本机时间（from the future: check the clock）',
  badSignature:
    '签名不符：请核对密钥，并以收到的原始请求体验证（wrong signature: check the secret, and verify the raw body, before any parser）',
  badBody: '请求体不是合法的 JSON（the body is not valid JSON）',
} as const

/** `fetch`、Node 的请求头或成对的列表，名称不分大小写。· Headers of `fetch`, of Node, or as pairs; names in any case. */
export type WebhookHeaders =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

export type VerifyOptions = {
  /** 时间最多相差多少秒，默认 300。· How many seconds the time may be off, in either direction. Default 300. */
  toleranceSeconds?: number | undefined
  /** 现在的时间，1970 年起的毫秒，默认本机时间。· Present time in ms since the epoch; default: the machine's clock. */
  now?: number | undefined
}

/**
 * 验证推送由 wisp 发出，返回其中的事件。`body` 是未经解析的原始请求体；更换密钥期间给出全部可能使用的密钥。同一事件可能再次推送，按 `id` 去重。
 *
 * Verifies that a push was sent by wisp and resolves with its event. `body`: the raw request body, before any parser. `secret`: all secrets
 * that may be in use while they are exchanged. The same event may be pushed again with the same `id`.
 * @throws WebhookVerificationError if a check fails; TypeError if `body` is parsed already or a secret is malformed.
 */
export async function verifyWebhook<Event = WispEvent>(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now() }: VerifyOptions = {},
): Promise<Verified<Event>> {
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    throw new TypeError('body 应为原始请求体（body should be the raw request body, not a parsed one）')
  const given = readHeaders(headers)
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name =>
    given.get(name),
  )
  if (!id || !timestamp || !signatures) throw new WebhookVerificationError('missingHeader')
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookVerificationError('badTimestamp')
  const age = Math.floor(now / 1000) - Number(timestamp)
  if (age > toleranceSeconds) throw new WebhookVerificationError('tooOld')
  if (-age > toleranceSeconds) throw new WebhookVerificationError('tooNew')
  const signed = signedBytes(id, timestamp, body)
  const keys = await Promise.all([secret].flat().map(importSecret))
  const checks = signatures.split(' ').flatMap(one => keys.map(key => isSignature(key, one, signed)))
  if (!(await Promise.all(checks)).includes(true)) throw new WebhookVerificationError('badSignature')
  return { id, sentAt: new Date(Number(timestamp) * 1000), event: parse(body) as Event }
}

export type Verified<Event> = {
  /** `webhook-id`，同一事件的每次推送相同。· The `webhook-id`, equal for all pushes of one event. */
  id: string
  sentAt: Date
  event: Event
}

export type ForgeOptions = {
  id?: string | undefined
  /** 推送的发出时间，默认现在。· Time at which the push is said to be sent; default now. */
  sentAt?: Date | undefined
}

/** 生成与 wisp 发出的相同的推送，用于测试接收它的程序。· Makes a push as wisp sends it, for tests of a receiver. @throws TypeError if a secret is malformed. */
export async function forgeWebhook(
  event: unknown,
  secret: string | readonly string[],
  { id = `msg_${crypto.randomUUID()}`, sentAt = new Date() }: ForgeOptions = {},
): Promise<{ body: string; headers: Record<string, string> }> {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const timestamp = String(Math.floor(sentAt.getTime() / 1000))
  const signed = signedBytes(id, timestamp, body)
  const keys = await Promise.all([secret].flat().map(importSecret))
  const signatures = keys.map(
    async key => `v1,${toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, signed)))}`,
  )
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': (await Promise.all(signatures)).join(' '),
    },
  }
}

function readHeaders(headers: WebhookHeaders): Map<string, string> {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  return new Map(pairs.map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(' ')]))
}

function signedBytes(id: string, timestamp: string, body: string | Uint8Array): Bytes {
  return concat(bytesOf(`${id}.${timestamp}.`), typeof body === 'string' ? bytesOf(body) : body)
}

function importSecret(secret: string): Promise<CryptoKey> {
  let raw: Bytes
  try {
    raw = fromBase64(secret.replace(/^whsec_/, ''))
  } catch {
    throw new TypeError('密钥应为 whsec_ 加 base64（the secret should be whsec_ and base64）')
  }
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** Compared in constant time, by WebCrypto itself. */
async function isSignature(key: CryptoKey, given: string, signed: Bytes): Promise<boolean> {
  if (!given.startsWith('v1,')) return false
  try {
    return await crypto.subtle.verify('HMAC', key, fromBase64(given.slice(3)), signed)
  } catch {
    return false
  }
}

function parse(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
  } catch {
    throw new WebhookVerificationError('badBody')
  }
}
