import { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { inNetworks } from '../config.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Whether nobody can listen on the way: https of the socket or of a trusted proxy, or a program on this machine. Who
 * comes through a proxy on this machine is told by its headers.
 */
export function isPrivate(request: FastifyRequest): boolean {
  if (request.protocol === 'https') return true
  const isForwarded = Object.keys(request.headers).some(name =>
    /^(x-)?forwarded|^(via|x-real-ip)$/.test(name),
  )
  return !isForwarded && inNetworks(loopback, request.socket.remoteAddress)
}
