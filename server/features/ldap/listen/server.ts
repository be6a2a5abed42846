import { createServer, type Server, type Socket } from 'node:net'
import { inNetworks } from '../../../platform/config.ts'
import { describeError, type Log } from '../../../platform/operation/log.ts'
import { StartError } from '../../../platform/operation/start-error.ts'
import { networkOf } from '../../../platform/security/network-of.ts'
import { type BindNeeds, createBinder } from '../bind.ts'
import { results } from '../protocol/refusal.ts'
import { type Certificate, followCertificate } from './certificate.ts'
import { Connection, type Times } from './connection.ts'
import { readProxyHeader } from './proxy-header.ts'
import { Session } from './session.ts'

export type LdapServerOptions = Times & {
  host: string
  /** Undefined for a port that is not listened on; 0 takes a free one. */
  port: number | undefined
  securePort: number | undefined
  certificate: { cert: string; key: string } | undefined
  /** How often the files of the certificate are looked at, at most. */
  lookMs?: number
  connectionsAtMost: number
  /** From one address. */
  connectionsEach: number
  /** What a wrong password beyond the limit waits. */
  slowMs: number
  /** How long a bind waits for the press on a card: less than the time in which whoever did not bind is cut. */
  cardMs: number
}

export const usualOptions = {
  idleMs: 10 * 60_000,
  stepMs: 15_000,
  connectionsAtMost: 2000,
  connectionsEach: 500,
  slowMs: 2000,
  cardMs: 45_000,
} as const

export type LdapServer = {
  port: number
  securePort: number
  connections(): number
  stop(): void
}

/** Listens for LDAP. Throws StartError for a port or a certificate that cannot be used. */
export async function startLdap(ctx: BindNeeds, options: LdapServerOptions): Promise<LdapServer> {
  const { host, port, securePort, lookMs } = options
  const files = options.certificate
  if (securePort !== undefined && !files)
    throw new StartError(
      'WISP_LDAPS_PORT 需要证书：请设置 WISP_LDAP_CERT 和 WISP_LDAP_KEY',
      'WISP_LDAPS_PORT needs a certificate: set WISP_LDAP_CERT and WISP_LDAP_KEY',
    )
  const certificate = files && followCertificate(files, ctx.log, lookMs)
  const door = createDoor(ctx, options, certificate)
  const servers = {
    plain: port === undefined ? undefined : createServer(socket => door.enter(socket, false)),
    secure: securePort === undefined ? undefined : createServer(socket => door.enter(socket, true)),
  }
  const stop = () => {
    servers.plain?.close()
    servers.secure?.close()
    door.close()
  }
  try {
    return {
      port: await listen(ctx.log, servers.plain, host, port),
      securePort: await listen(ctx.log, servers.secure, host, securePort),
      connections: door.count,
      stop,
    }
  } catch (error) {
    stop()
    throw error
  }
}

async function listen(
  log: Log,
  server: Server | undefined,
  host: string,
  port: number | undefined,
): Promise<number> {
  if (!server || port === undefined) return 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const { code } = error as NodeJS.ErrnoException
      reject(
        new StartError(
          `LDAP 无法监听 ${host}:${port}（${code}）`,
          `LDAP cannot listen on ${host}:${port} (${code})`,
        ),
      )
    })
    server.listen(port, host, () => resolve())
  })
  // A connection that cannot be taken ends no node.
  server.on('error', error => log.warn(describeError(error), 'LDAP connection not taken'))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Lets connections in: as many as there may be, by the address that a trusted proxy names. */
function createDoor(ctx: BindNeeds, options: LdapServerOptions, certificate: Certificate | undefined) {
  const { config, log } = ctx
  const bind = createBinder(ctx, options)
  const open = new Map<Socket, Connection | undefined>()
  const byNetwork = new Map<string, number>()

  function admit(socket: Socket, address: string, isTls: boolean): void {
    const network = networkOf(address)
    const count = (byNetwork.get(network) ?? 0) + 1
    if (count > options.connectionsEach) return void socket.destroy()
    byNetwork.set(network, count)
    socket.once('close', () => {
      const left = (byNetwork.get(network) ?? 1) - 1
      if (left > 0) byNetwork.set(network, left)
      else byNetwork.delete(network)
    })
    const mayPlain = inNetworks(config.ldapPlain, address)
    const gone = new AbortController()
    socket.once('close', () => gone.abort())
    const hasTls = certificate !== undefined
    const peer = { address, isEncrypted: false, mayPlain, hasTls, gone: gone.signal }
    const connection = new Connection(socket, new Session(ctx, bind, peer), {
      certificate,
      times: options,
      log,
    })
    open.set(socket, connection)
    connection.begin(isTls)
  }

  return {
    count: () => open.size,
    enter(socket: Socket, isTls: boolean): void {
      if (open.size >= options.connectionsAtMost) return void socket.destroy()
      open.set(socket, undefined)
      socket.once('close', () => open.delete(socket))
      socket.on('error', () => socket.destroy())
      socket.setNoDelay(true)
      const address = socket.remoteAddress ?? ''
      const pass = (named?: string) => admit(socket, plainAddress(named ?? address), isTls)
      if (inNetworks(config.trustedProxies, address)) passProxy(socket, options.stepMs, pass)
      else pass()
    },
    close(): void {
      for (const [socket, connection] of open)
        if (connection) connection.end(results.unavailable, 'this node stops')
        else socket.destroy()
    },
  }
}

/** Reads a proxy's header, if it sends one, and leaves what follows unread. */
function passProxy(socket: Socket, withinMs: number, then: (address: string | undefined) => void): void {
  let buffer = Buffer.alloc(0)
  const timer = setTimeout(() => socket.destroy(), withinMs)
  socket.once('close', () => clearTimeout(timer))
  const read = () => {
    const chunk = socket.read() as Buffer | null
    if (!chunk) return
    buffer = Buffer.concat([buffer, chunk])
    const header = readProxyHeader(buffer)
    if (header === undefined) return
    clearTimeout(timer)
    socket.off('readable', read)
    if (header === false) return void socket.destroy()
    if (buffer.length > header.size) socket.unshift(buffer.subarray(header.size))
    then(header.address)
  }
  socket.on('readable', read)
}

/** As it is counted and logged: IPv4 in its own form. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
