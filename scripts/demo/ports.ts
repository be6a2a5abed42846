import { createServer } from 'node:net'

export class PortBusy extends Error {
  readonly port: number
  constructor(port: number) {
    super(`port ${port} is busy`)
    this.port = port
  }
}

/** Resolves with the port when nobody listens on it, or with a free one for 0. Throws PortBusy. */
export function claimPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortBusy(port) : error),
    )
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
