import type { FastifyRequest } from 'fastify'

/** What was asked, by name: '' where it is missing, undefined where it was given twice. */
export function asked(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, unknown>)[name]
  if (value === undefined) return ''
  return typeof value === 'string' ? value : undefined
}

/** A parameter that is set by being there, as clients send `renew` and `gateway`. */
export function isAsked(request: FastifyRequest, name: string): boolean {
  const value = asked(request, name)
  return value !== undefined && value !== '' && value.toLowerCase() !== 'false'
}
