import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** The open connections of a server, of which Node itself closes only those that have been idle after a request. */
export function followConnections(server: Server) {
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return {
    any: () => open.size > 0,
    /** Browsers open connections in advance, over which nothing may ever be asked. */
    dropUnused() {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    },
    /** From now on a connection ends this long after its last answer, and not at once: its caller may be asking already. */
    keepFor(ms: number) {
      server.keepAliveTimeout = ms
      server.keepAliveTimeoutBuffer = 0
    },
  }
}
