/**
 * Syslog has no acknowledgement. So wisp ends its half of the connection after each batch and waits until the receiver, which reads all
 * before it sees that end, closes the other half. A receiver that closes earlier, resets the connection or says nothing has not got the
 * batch. What a receiver that has closed in order loses of its own memory, nobody can know.
 */

import { once } from 'node:events'
import { isIP, connect as netConnect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundUntold } from '../../../platform/security/outbound-policy.ts'

/** How long each step of a batch may take. A receiver that closes at once shows it within `aliveMs`. */
export type LineTimes = { connectMs: number; writeMs: number; aliveMs: number; closeMs: number }
const usualTimes: LineTimes = { connectMs: 10_000, writeMs: 30_000, aliveMs: 500, closeMs: 15_000 }
/** So long does a test of an address in our own network take that fails. */
export const lineMs = 30_000

export type Pems = {
  ca?: string | undefined
  certificate?: string | undefined
  privateKey?: string | undefined
}
export type LineTarget = Pems & { host: string; port: number; isTls: boolean }

/** What is known of a connection, for people who test it. */
export type LineProof = { protocol: string; subject: string; validTo: string } | undefined

type StreamFault = 'closedEarly' | 'notClosed' | 'slow'

/** What a receiver did, where no error of the system says so. */
export class StreamError extends Error {
  readonly code: StreamFault
  constructor(code: StreamFault) {
    super(code)
    this.code = code
  }
}

/**
 * Sends frames by a connection of their own. Throws what prevented the receiver from getting all of them: OutboundRefused, StreamError,
 * or the error of the connection. `of`: who asks for the look-up of the name.
 */
export async function sendLines(
  outbound: Pick<Outbound, 'place'>,
  of: string,
  target: LineTarget,
  frames: string,
  signal: AbortSignal,
  times = usualTimes,
): Promise<LineProof> {
  const { addresses, isInner } = await outbound.place(target.host, { slot: 'servers', of })
  const socket = netConnect({
    host: target.host,
    port: target.port,
    autoSelectFamily: true,
    // The connection goes to the very addresses that were checked.
    lookup: (_host, _options, found) => found(null, [...addresses]),
  })
  try {
    const stream = await opened(socket, target, signal, times.connectMs)
    const proof = isInner ? undefined : proofOf(stream)
    await handOver(stream, frames, signal, times)
    return proof
  } catch (error) {
    signal.throwIfAborted()
    throw isInner ? new OutboundUntold(target.host, error) : error
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}

async function opened(
  socket: Socket,
  target: LineTarget,
  stop: AbortSignal,
  connectMs: number,
): Promise<Socket | TLSSocket> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(connectMs)])
  await once(socket, 'connect', { signal })
  socket.setNoDelay().setKeepAlive(true)
  if (!target.isTls) return socket
  const { host, ca, certificate, privateKey } = target
  const stream = tlsConnect({
    socket,
    host,
    // TLS takes no address as a name; the certificate is checked against it all the same.
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca ? { ca } : {}),
    ...(certificate && privateKey ? { cert: certificate, key: privateKey } : {}),
    minVersion: 'TLSv1.2',
  })
  await once(stream, 'secureConnect', { signal })
  return stream
}

async function handOver(
  stream: Socket,
  frames: string,
  stop: AbortSignal,
  { writeMs, aliveMs, closeMs }: LineTimes,
): Promise<void> {
  // A receiver answers nothing; what one says all the same must not stay unread, or its end is never seen.
  stream.resume()
  const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject))
  const ended = once(stream, 'end').then(() => 'end' as const)
  const closed = new Promise<void>(resolve => stream.once('close', () => resolve()))
  const within = <T>(ms: number, work: Promise<T>) => inTime(ms, stop, [work, failed])
  failed.catch(() => undefined)
  ended.catch(() => undefined)

  const written = new Promise<'written'>(resolve => stream.write(frames, () => resolve('written')))
  if ((await within(writeMs, Promise.race([written, ended]))) !== 'written')
    throw new StreamError('closedEarly')
  const quiet = delay(aliveMs, 'alive' as const, { ref: false })
  if ((await within(aliveMs * 2, Promise.race([quiet, ended]))) !== 'alive')
    throw new StreamError('closedEarly')
  stream.end()
  // A reset that comes with the end says that something was not read.
  const closing = ended.then(() => Promise.race([closed, failed]))
  await within(closeMs, closing).catch(error => {
    throw isTimeout(error) ? new StreamError('notClosed') : error
  })
}

async function inTime<T>(ms: number, stop: AbortSignal, works: readonly Promise<T>[]): Promise<T> {
  const end = new AbortController()
  const signal = AbortSignal.any([stop, end.signal])
  const over = delay(ms, undefined, { signal, ref: false }).then(
    () => Promise.reject(new StreamError('slow')),
    () => {
      stop.throwIfAborted()
      return new Promise<never>(() => undefined)
    },
  )
  try {
    return await Promise.race([...works, over])
  } finally {
    end.abort()
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof StreamError && error.code === 'slow'
}

function proofOf(stream: Socket | TLSSocket): LineProof {
  if (!('getPeerCertificate' in stream)) return undefined
  const { subject, valid_to } = stream.getPeerCertificate() ?? {}
  const name = subject?.CN ?? subject?.O ?? ''
  return { protocol: stream.getProtocol() ?? '', subject: [name].flat().join(', '), validTo: valid_to ?? '' }
}
