import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { calls } from './api/calls.ts'
import { officialCalls } from './official/calls.ts'
import { newRid, officialErrcodes } from './official/error.ts'
import { errcodes, failure } from './rules/errcodes.ts'

/**
 * What no route takes: a wrong method (43001, 43002) and an address that there is not (docs/sandbox-fidelity.md). The answer never
 * repeats the address, because it holds a token.
 */
export function routeNotFound(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    if (path.startsWith('/official/cgi-bin/')) return official(path.slice('/official'.length), reply)
    if (path.startsWith('/cgi-bin/')) return wecom(path, request, reply)
    return reply.code(404).type('text/plain; charset=utf-8').send('not found')
  })
}

function official(path: string, reply: FastifyReply): FastifyReply {
  const errcode = wrongMethod(path, officialCalls) ?? 40066
  return reply.send({ errcode, errmsg: `${officialErrcodes[errcode]} rid: ${newRid()}` })
}

/** No source says what WeCom answers for an address that there is not. */
function wecom(path: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const errcode = wrongMethod(path, calls)
  if (errcode === undefined) return reply.code(404).type('text/plain; charset=utf-8').send('not found')
  return reply.send(failure(errcode, errcodes[errcode], request.ip))
}

/** The code for an address that takes only the other method. */
function wrongMethod(
  path: string,
  known: readonly { method: string; path: string }[],
): 43001 | 43002 | undefined {
  const method = known.find(call => call.path === path)?.method
  return method === 'GET' ? 43001 : method === 'POST' ? 43002 : undefined
}
