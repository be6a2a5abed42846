import { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { inNetworks } from '../config.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const forwardedHeader = /^(x-)?forwarded(-|$)|^(via|x-real-ip|x-client-ip|x-original-\w+)$/

/**
 * Whether the caller is a program on this machine. What comes through a proxy on this machine has its address too, and is
 * told by the proxy's headers, whether that proxy is trusted or not: whatever they name, it is not this machine that they know.
 */
export function isFromThisMachine({ headers, socket }: FastifyRequest): boolean {
  return (
    inNetworks(loopback, socket.remoteAddress) &&
    !Object.keys(headers).some(name => forwardedHeader.test(name))
  )
}
