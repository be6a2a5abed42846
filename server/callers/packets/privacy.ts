import type { FastifyRequest } from 'fastify'
import { isFromThisMachine } from '../../platform/security/from-this-machine.ts'

/** Whether nobody can listen on the way: https of the socket or of a trusted proxy, or a program on this machine. */
export function isPrivate(request: FastifyRequest): boolean {
  return request.protocol === 'https' || isFromThisMachine(request)
}
