import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { until } from '../../../test/until.ts'

/**
 * `good` reads all and closes when the other side has ended. `closes`: at once. `silent`: it reads nothing. `open`: it reads, and never
 * closes. `resets`: it reads a part and resets the connection.
 */
export type Manner = 'good' | 'closes' | 'silent' | 'open' | 'resets'

export type SiemServer = {
  port: number
  address: string
  /** Whole messages in the order in which they came. */
  messages: string[]
  connections: number
  manner: Manner
  stop(): Promise<void>
  start(): Promise<void>
  /** Resolves when so many messages have come. */
  has(count: number): Promise<string[]>
}

/** A receiver of syslog that counts octets, by TLS where `tls` is given. */
export async function startSiemServer(tls?: TlsOptions): Promise<SiemServer> {
  const open = new Set<Socket>()
  let server: Server | undefined
  const siem: SiemServer = {
    port: 0,
    address: '',
    messages: [],
    connections: 0,
    manner: 'good',
    async stop() {
      for (const socket of open) socket.destroy()
      if (!server) return
      const closed = once(server, 'close')
      server.close()
      server = undefined
      await closed
    },
    async start() {
      const options = { allowHalfOpen: true }
      server = tls ? createTlsServer({ ...tls, ...options }, take) : createServer(options, take)
      // Those of TLS whose handshake fails are known to nobody else.
      server.on('connection', socket => {
        open.add(socket)
        socket.on('close', () => open.delete(socket)).on('error', () => undefined)
      })
      server.listen(siem.port, '127.0.0.1')
      await once(server, 'listening')
      siem.port = (server.address() as AddressInfo).port
      siem.address = `127.0.0.1:${siem.port}`
    },
    has: count =>
      until(
        `${count} messages`,
        () => siem.messages.length >= count && siem.messages.slice(0, count),
        30_000,
      ),
  }

  function take(socket: Socket) {
    siem.connections++
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => undefined)
    if (siem.manner === 'closes') socket.end()
    if (siem.manner === 'silent') return socket.pause()
    let read: Buffer = Buffer.alloc(0)
    socket.on('data', (part: Buffer) => {
      if (siem.manner === 'resets') return tls ? socket.destroy() : socket.resetAndDestroy()
      if (siem.manner === 'closes') return undefined
      read = Buffer.concat([read, part])
      read = framesIn(read, siem.messages)
      return undefined
    })
    socket.on('end', () => siem.manner === 'good' && socket.end())
    return undefined
  }

  await siem.start()
  return siem
}

/** Puts whole messages into `messages` and returns what is left. */
function framesIn(read: Buffer, messages: string[]): Buffer {
  for (let rest = read; ; ) {
    const space = rest.indexOf(' ')
    const length = space < 0 ? Number.NaN : Number(rest.subarray(0, space).toString())
    // What begins without a length is no syslog: a handshake of TLS at a port without it.
    if (Number.isNaN(length) && space >= 0) return Buffer.alloc(0)
    if (space < 0 || rest.length < space + 1 + length) return rest
    messages.push(rest.subarray(space + 1, space + 1 + length).toString())
    rest = rest.subarray(space + 1 + length)
  }
}
