import type { FastifyRequest } from 'fastify'

/** '' for a caller who has hung up: Fastify has no address of it any more, whatever its types say. */
export function callerAddress(request: Pick<FastifyRequest, 'ip'>): string {
  return (request.ip as string | undefined) ?? ''
}
