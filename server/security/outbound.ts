import { once } from 'node:events'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { connect } from 'node:tls'
import { Agent, request } from 'undici'
import {
  type OutboundConfig,
  type OutboundPolicy,
  OutboundRefused,
  outboundPolicy,
} from './outbound-policy.ts'

export type PageHeaders = Record<string, string | string[] | undefined>

export type Outbound = Pick<OutboundPolicy, 'place' | 'lookup'> & {
  /** A GET that checks every redirect. Throws OutboundRefused. */
  get(url: string, limits: { timeoutMs: number; maxBytes: number }): Promise<{ type: string; body: Buffer }>
  /** The final answer of a page, without its content. Throws OutboundRefused, or the error that prevented an answer. */
  look(
    url: string,
    limits: { timeoutMs: number },
  ): Promise<{ status: number; headers: PageHeaders; url: URL }>
  /**
   * A POST that follows no redirect. At most `answerBytes` of the answer's body are read, as far as they come soon after its
   * head. Throws OutboundRefused, or the error that prevented an answer.
   */
  post(
    url: string,
    call: {
      headers: Record<string, string>
      body: Buffer
      timeoutMs: number
      answerBytes: number
      signal: AbortSignal
    },
  ): Promise<{ status: number; headers: PageHeaders; body: Buffer }>
  /**
   * Whether a connection to this host has led into our own network (outbound-policy.ts, `isInner`). To be asked after a call, because
   * a name may lead elsewhere than when `place` looked.
   */
  hasLedInside(host: string): boolean
  /** When the certificate of an https address ends, also of one that nobody trusts. Throws OutboundRefused, or the error. */
  certificateEnd(url: string, limits: { timeoutMs: number }): Promise<Date>
  close(): Promise<void>
}

/**
 * Makes calls to addresses that people or upstreams name (spec §6). Loopback and reserved addresses are allowed only where
 * the configuration says so, private ranges unless it refuses them, link-local and metadata addresses never. The
 * connection goes to the very address that was checked.
 */
export function createOutbound(config: OutboundConfig): Outbound {
  const policy = outboundPolicy(config)
  const { check, place } = policy
  const { lookup, hasLedInside } = watchedLookup(policy)
  const agent = new Agent({ connect: { timeout: 5000, lookup } })

  async function follow(url: string, timeoutMs: number) {
    const signal = AbortSignal.timeout(timeoutMs)
    let next = url
    for (let hop = 0; hop < 4; hop++) {
      const target = readUrl(next)
      const host = target.hostname.replace(/^\[|\]$/g, '')
      // A literal address is connected to without a look-up, so it is checked here.
      if (isIP(host)) check(host, host)
      const answer = await request(target, { dispatcher: agent, signal })
      const location = answer.headers['location']
      if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof location !== 'string')
        return { answer, host, target }
      await answer.body.dump()
      next = new URL(location, target).href
    }
    throw new OutboundRefused({ zh: '重定向过多', en: 'too many redirects' })
  }

  return {
    place,
    lookup,
    hasLedInside,
    async get(url, { timeoutMs, maxBytes }) {
      const { answer, host } = await follow(url, timeoutMs)
      if (answer.statusCode !== 200) {
        const what = {
          zh: `${host} 返回 HTTP ${answer.statusCode}`,
          en: `${host} answered HTTP ${answer.statusCode}`,
        }
        throw new OutboundRefused(what, await readStart(answer.body))
      }
      return {
        type: String(answer.headers['content-type'] ?? ''),
        body: await readBody(answer.body, host, maxBytes),
      }
    },
    async look(url, { timeoutMs }) {
      const { answer, target } = await follow(url, timeoutMs)
      answer.body.on('error', () => undefined).destroy()
      return { status: answer.statusCode, headers: answer.headers, url: target }
    },
    async post(url, { headers, body, timeoutMs, answerBytes, signal }) {
      const target = readUrl(url)
      const host = target.hostname.replace(/^\[|\]$/g, '')
      // A literal address is connected to without a look-up, so it is checked here.
      if (isIP(host)) check(host, host)
      const answer = await request(target, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      const start = await readSoon(answer.body, answerBytes)
      return { status: answer.statusCode, headers: answer.headers, body: start }
    },
    async certificateEnd(url, { timeoutMs }) {
      const { hostname, port } = readUrl(url)
      const host = hostname.replace(/^\[|\]$/g, '')
      if (isIP(host)) check(host, host)
      return readCertificateEnd({ host, port: Number(port || 443), lookup }, timeoutMs)
    },
    close: () => agent.close(),
  }
}

const insideAtMost = 10_000

/** The policy's look-up, which remembers the hosts that led inside: connections outlive the call that opened them. */
function watchedLookup({ isInner, lookup }: OutboundPolicy): Pick<Outbound, 'lookup' | 'hasLedInside'> {
  const inside = new Set<string>()
  function remember(host: string) {
    inside.delete(host)
    inside.add(host)
    const [oldest] = inside
    // Whoever names ever new hosts must not fill the memory.
    if (inside.size > insideAtMost && oldest !== undefined) inside.delete(oldest)
  }
  return {
    hasLedInside: host => inside.has(host),
    lookup: (host, options, done) =>
      lookup(host, options, (error, found, family) => {
        const addresses = typeof found === 'string' ? [found] : found.map(one => one.address)
        if (!error && isInner(host, addresses)) remember(host)
        done(error, found, family)
      }),
  }
}

async function readCertificateEnd(
  target: { host: string; port: number; lookup: LookupFunction },
  timeoutMs: number,
): Promise<Date> {
  const name = isIP(target.host) ? {} : { servername: target.host }
  // Nothing is sent over this connection, and a certificate that nobody trusts any more must be seen too.
  const socket = connect({ ...target, ...name, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) })
    return new Date(socket.getPeerCertificate().valid_to)
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new OutboundRefused({ zh: `${text} 不是 http(s) 地址`, en: `${text} is not an http(s) address` })
  return url
}

const startBytes = 2000

async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  // Leaving the loop ends the connection.
  for await (const part of body) {
    parts.push(part)
    size += part.length
    if (size >= startBytes) break
  }
  return Buffer.concat(parts).subarray(0, startBytes).toString()
}

const bodySoonMs = 1000

/** The beginning of a body, as far as it comes at once; the rest ends the connection. */
async function readSoon(body: Readable, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  const hurry = setTimeout(() => body.destroy(), bodySoonMs)
  try {
    for await (const part of body) {
      parts.push(part)
      size += part.length
      if (size > bytes) break
    }
  } catch {
    // Whoever sent the head has answered, whatever becomes of the body.
  } finally {
    clearTimeout(hurry)
  }
  return Buffer.concat(parts).subarray(0, bytes)
}

async function readBody(body: AsyncIterable<Buffer>, host: string, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > maxBytes)
      throw new OutboundRefused({
        zh: `${host} 的内容超过 ${maxBytes} 字节`,
        en: `${host} sent more than ${maxBytes} bytes`,
      })
    parts.push(part)
  }
  return Buffer.concat(parts)
}
