import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { createTransport, type Transporter } from 'nodemailer'
import { formatDuration } from '../../../platform/format.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import type { Destination } from '../../../platform/security/outbound-policy.ts'
import type { SmtpSettings } from './settings.ts'
import { accessToken } from './sign-in.ts'

const connectMs = 10_000
const timeouts = { connectionTimeout: connectMs, greetingTimeout: 10_000, socketTimeout: 30_000 }
const connections = 8
const poolsAtMost = 100

/**
 * Connections to a mail server. `isInner`: one of them led into our own network (outbound-policy.ts). It stays so, because a
 * name may lead elsewhere when it is asked again.
 */
export type Pool = { transport: Transporter; isInner: boolean }

/** One pool per set of settings, kept for as long as the settings are in use. */
const pools = new WeakMap<Outbound, Map<string, Pool>>()

export function poolOf(outbound: Outbound, corpId: string, smtp: SmtpSettings): Pool {
  const own = pools.get(outbound) ?? new Map<string, Pool>()
  pools.set(outbound, own)
  const key = JSON.stringify([corpId, smtp])
  let pool = own.get(key)
  if (!pool) {
    for (const [old, { transport }] of own) {
      if (own.size < poolsAtMost) break
      own.delete(old)
      transport.close()
    }
    pool = createPool(outbound, corpId, smtp)
    own.set(key, pool)
  }
  return pool
}

type GotSocket = (error: Error | null, given?: { connection: Socket }) => void

function createPool(outbound: Outbound, corpId: string, smtp: SmtpSettings): Pool {
  const options = {
    pool: true as const,
    maxConnections: connections,
    // Retries are decided by wisp alone, never by nodemailer.
    maxRequeues: 0,
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    ...authOf(smtp),
    ...(smtp.ca ? { tls: { ca: smtp.ca } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...timeouts,
    // nodemailer looks names up by itself; given a socket, it checks the certificate against `host` as ever.
    getSocket(_options: unknown, done: GotSocket) {
      outbound
        .place(smtp.host, { slot: 'servers', of: corpId })
        .then(place => {
          pool.isInner ||= place.isInner
          return connectTo(place, smtp)
        })
        .then(connection => done(null, { connection }), done)
    },
  }
  const pool: Pool = { transport: createTransport(options), isInner: false }
  pool.transport.use('stream', noteHandOver as never)
  pool.transport.set('oauth2_provision_cb', (_user: string, renew: boolean, done: GotToken) => {
    accessToken(outbound, corpId, smtp, renew).then(({ token, until }) => done(null, token, until), done)
  })
  return pool
}

type GotToken = (error: Error | null, token?: string, expires?: number) => void

function authOf({ user, password, auth }: SmtpSettings) {
  if (!user) return {}
  return { auth: auth === 'oauth2' ? { type: 'OAuth2' as const, user } : { user, pass: password } }
}

function connectTo({ addresses }: Destination, { host, port }: SmtpSettings): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      autoSelectFamily: true,
      // The connection goes to the very addresses that were checked.
      lookup: (_host, _options, found) => found(null, [...addresses]),
    })
    const giveUp = () =>
      socket.destroy(
        Object.assign(new Error(`no connection within ${formatDuration(connectMs).en}`), {
          code: 'ETIMEDOUT',
        }),
      )
    socket.setTimeout(connectMs, giveUp)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.setTimeout(0).off('timeout', giveUp).off('error', reject)
      resolve(socket)
    })
  })
}

export type HandOver = { handedOver?: () => void }
type MailStream = { data: HandOver; message: { createReadStream(options?: unknown): Readable } }

/**
 * nodemailer does not tell a connection lost after DATA from one that was never made. It reads the text once the
 * server has agreed to take it, so this notes that moment: before it nothing was sent, after it nobody knows.
 */
function noteHandOver(mail: MailStream, done: () => void): void {
  const { message, data } = mail
  const open = message.createReadStream.bind(message)
  message.createReadStream = options =>
    Readable.from(
      (async function* () {
        data.handedOver?.()
        yield* open(options)
      })(),
    )
  done()
}
