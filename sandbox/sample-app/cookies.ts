import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Parts } from './parts.ts'
import type { Visit } from './visits.ts'

const name = 'sample_visit'

/** A cookie is sent to every port of a host, so the name must differ from wisp's when both run on one machine. */
export function setVisit(reply: FastifyReply, visit: Visit): void {
  reply.header('set-cookie', `${name}=${visit.id}; Path=/; HttpOnly; SameSite=Lax`)
}

export function visitOf({ visits }: Parts, request: FastifyRequest): Promise<Visit | undefined> {
  const pairs = (request.headers.cookie ?? '').split(/;\s*/)
  const id = pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  return id ? visits.find(id) : Promise.resolve(undefined)
}
