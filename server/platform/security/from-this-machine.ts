import { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { inNetworks } from '../config.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const forwardedHeader = /^(x-)?forwarded(-|$)|^(via|x-real-ip|x-client-ip|x-original-\w+)$/

/**
 * Whether the caller is a program on this machine. Requests through a proxy on this machine have its address too. They are
 * recognised by the proxy's headers, whether that proxy is trusted or not, because a request with such headers came from
 * elsewhere.
 */
export function isFromThisMachine({ headers, socket }: FastifyRequest): boolean {
  return (
    inNetworks(loopback, socket.remoteAddress) &&
    !Object.keys(headers).some(name => forwardedHeader.test(name))
  )
}
