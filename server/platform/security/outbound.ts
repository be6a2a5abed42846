import { once } from 'node:events'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from 'node:tls'
import { Agent, errors, request } from 'undici'
import { createErrands, type Errand, type ErrandOptions, hostOf, type Trip } from './errands.ts'
import { createLookUps, createTexts, type LookUpOptions, type TextOptions } from './name-look-ups.ts'
import {
  type OutboundConfig,
  OutboundGarbled,
  type OutboundPolicy,
  OutboundRefused,
  OutboundUntold,
  outboundPolicy,
} from './outbound-policy.ts'

export type PageHeaders = Record<string, string | string[] | undefined>

/**
 * `isInner`: it came from our own network (outbound-policy.ts), so nothing of it may be shown that the caller could not have
 * known before.
 */
type Answer = { status: number; headers: PageHeaders; body: Buffer; isInner: boolean }

/**
 * Calls throw OutboundRefused, or the error that prevented an answer. Where a name or an address is not known to be public,
 * they throw OutboundUntold instead of whatever went wrong, `read` included, and not before their time is over: neither words
 * nor times may reveal what the network around wisp contains.
 */
export type Outbound = Pick<OutboundPolicy, 'checkEntered' | 'lookup' | 'place'> & {
  /** A GET that checks every redirect, and whose answer is 200. `read` turns the answer into the result, or throws. */
  get<T>(
    url: string,
    errand: Errand & { maxBytes: number },
    read: (answer: { type: string; body: Buffer; isInner: boolean }) => T,
  ): Promise<T>
  /** The final answer of a public page, without its content. Pages in our own network are not asked. */
  look(url: string, errand: Errand): Promise<{ status: number; headers: PageHeaders; url: URL }>
  /**
   * A POST, or what `method` says, that follows no redirect. At most `answerBytes` of the answer's body are read, as far as they come soon after its
   * head.
   */
  post<T>(
    url: string,
    errand: Errand & {
      headers: Record<string, string>
      body: Buffer
      answerBytes: number
      method?: 'GET' | 'POST'
      /** Whom to trust beside nobody else, and how wisp proves itself, each as PEM. */
      tls?: { ca?: string; cert?: string; key?: string }
    },
    read: (answer: Answer) => T,
  ): Promise<T>
  /**
   * When the certificate of an https address ends, also of one that nobody trusts. `isOwn`: it is the address of this
   * installation itself, as its owner set it.
   */
  certificateEnd(url: string, errand: Errand & { isOwn: boolean }): Promise<Date>
  /**
   * For calls that other code makes to what `place` found, and whose failure must not be revealed: waits until the full time of
   * a call that began at `startedAt` (of performance.now()) is over. Rejects when `signal` aborts.
   */
  untilOver(startedAt: number, call: Pick<Errand, 'timeoutMs' | 'signal'>): Promise<void>
  /** The TXT records of a name, none where it has none. Throws when no name server answers within five seconds. */
  texts(name: string): Promise<string[]>
  close(): Promise<void>
}

export type OutboundOptions = LookUpOptions & ErrandOptions & TextOptions

/**
 * Makes calls to addresses that people or upstreams name (docs/interface/apps.md#outgoing-calls). Loopback and reserved addresses
 * are allowed only where the configuration says so, private ranges unless it refuses them, link-local and metadata addresses
 * never. The connection goes to the very address that was checked.
 */
export function createOutbound(config: OutboundConfig, options: OutboundOptions = {}): Outbound {
  const policy = outboundPolicy(config, createLookUps(options))
  const { place, checkEntered } = policy
  const { travel, lookup, hasLedInside, within } = createErrands(policy, options)
  const agent = new Agent({ connect: { timeout: 5000, lookup } })

  async function follow(trip: Trip, from: string) {
    let next = from
    for (let hop = 0; hop < 4; hop++) {
      const { url, host } = await trip.to(next)
      const answer = await ask(url, { dispatcher: agent, signal: trip.signal })
      trip.isUntold ||= hasLedInside(host)
      const location = answer.headers['location']
      if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof location !== 'string')
        return { answer, host, url }
      await answer.body.dump()
      next = new URL(location, url).href
    }
    throw new OutboundRefused({ zh: '重定向过多', en: 'too many redirects' })
  }

  return {
    checkEntered,
    lookup,
    place,
    get: (url, errand, read) =>
      travel(url, errand, async trip => {
        const { answer, host } = await follow(trip, url)
        if (answer.statusCode !== 200)
          throw new OutboundRefused(statusWords(host, answer.statusCode), await readStart(answer.body))
        const type = String(answer.headers['content-type'] ?? '')
        const body = await readBody(answer.body, host, errand.maxBytes)
        return read({ type, body, isInner: trip.isUntold })
      }),
    post: (url, errand, read) =>
      travel(url, errand, async trip => {
        const { headers, body, answerBytes, method = 'POST', tls } = errand
        const target = await trip.to(url)
        const { signal } = trip
        const content = method === 'POST' ? { body } : {}
        const own = tls && new Agent({ connect: { timeout: 5000, lookup, ...tls } })
        try {
          const dispatcher = own ?? agent
          const answer = await ask(target.url, { method, headers, ...content, dispatcher, signal })
          trip.isUntold ||= hasLedInside(target.host)
          const start = await readSoon(answer.body, answerBytes)
          const { statusCode: status } = answer
          return read({ status, headers: answer.headers, body: start, isInner: trip.isUntold })
        } finally {
          await own?.destroy()
        }
      }),
    look(url, errand) {
      const work = async (trip: Trip) => {
        const { answer, url: last } = await follow(trip, url)
        answer.body.on('error', () => undefined).destroy()
        if (trip.isUntold) throw new OutboundUntold(hostOf(last), 'led into the internal network')
        return { status: answer.statusCode, headers: answer.headers, url: last }
      }
      return travel(url, errand, work, false)
    },
    certificateEnd(url, errand) {
      const work = async (trip: Trip) => {
        const { url: target, host } = await trip.to(url)
        return readCertificateEnd({ host, port: Number(target.port || 443), lookup }, trip.signal)
      }
      return travel(url, errand, work, errand.isOwn)
    },
    async untilOver(startedAt, { timeoutMs, signal }) {
      const leftMs = within(timeoutMs) - (performance.now() - startedAt)
      if (leftMs > 0) await delay(leftMs, undefined, signal ? { signal } : {})
    },
    texts: createTexts(options),
    close: () => agent.close(),
  }
}

const statusWords = (host: string, status: number) => ({
  zh: `${host} 返回 HTTP ${status}`,
  en: `${host} answered HTTP ${status}`,
})

/** Throws OutboundGarbled, or the error that prevented an answer. */
function ask(url: URL, options: Parameters<typeof request>[1]): ReturnType<typeof request> {
  return request(url, options).catch(error => {
    throw error instanceof errors.HTTPParserError ? new OutboundGarbled(url.host, error) : error
  })
}

async function readCertificateEnd(
  target: { host: string; port: number; lookup: LookupFunction },
  signal: AbortSignal,
): Promise<Date> {
  const name = isIP(target.host) ? {} : { servername: target.host }
  // Nothing is sent over this connection, and a certificate that nobody trusts any more must be seen too.
  const socket = connect({ ...target, ...name, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal })
    return new Date(socket.getPeerCertificate().valid_to)
  } finally {
    socket.on('error', () => undefined).destroy()
  }
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

/** The beginning of a body, as far as it comes at once. If there is more, the connection is closed. */
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
    // A host that has sent the head has answered, even if the body fails.
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
