import { createServer } from 'node:net'
import { ConfigError } from '../../server/platform/config.ts'
import { portBusy } from './words.ts'

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

/**
 * Uses any free port when the usual one is taken and none was configured, because people do not have to know
 * these ports.
 */
export async function claimSpare(name: string, usual: number, taken: number[] = []): Promise<number> {
  if (process.env[name]) return claimNamed(name, claimPort('127.0.0.1', portOf(name, usual)))
  const any = () => claimPort('127.0.0.1', 0)
  return taken.includes(usual) || usual > 65_535 ? any() : claimPort('127.0.0.1', usual).catch(any)
}

export function portOf(name: string, otherwise: number): number {
  const text = process.env[name] || String(otherwise)
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new ConfigError(`${name} 应为端口号，现在是 ${text}`, `${name} must be a port, not ${text}`)
  return Number(text)
}

/** Names the variable by which another port is taken. Throws StartError. */
export async function claimNamed(name: string, claim: Promise<number>): Promise<number> {
  try {
    return await claim
  } catch (error) {
    if (error instanceof PortBusy) throw portBusy(error.port, name)
    throw error
  }
}
