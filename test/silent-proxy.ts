import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * A TCP proxy on loopback in front of PostgreSQL, which can stop passing data without closing connections, like a NAT
 * that forgot them.
 */
export type SilentProxy = {
  /** URL of the database through the proxy. */
  url: string
  /**
   * Open connections stay open but pass nothing on in either direction. With `newOnesToo` the same holds for new
   * ones; otherwise those work.
   */
  goSilent(options?: { newOnesToo: boolean }): void
  /** Makes new connections work again. */
  recover(): void
  close(): Promise<void>
}

export async function startSilentProxy(databaseUrl: string): Promise<SilentProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const remembered = new Set<Socket>()
  let isDeaf = false

  function pass(from: Socket, to: Socket) {
    sockets.add(from)
    if (!isDeaf) remembered.add(from)
    from.on('data', bytes => {
      if (remembered.has(from)) to.write(bytes)
    })
    from.on('error', () => undefined)
    from.on('close', () => {
      sockets.delete(from)
      if (remembered.delete(from)) to.destroy()
    })
  }

  const server = createServer(near => {
    const far = connect(Number(target.port), target.hostname)
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    goSilent({ newOnesToo } = { newOnesToo: false }) {
      remembered.clear()
      isDeaf = newOnesToo
    },
    recover() {
      isDeaf = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
