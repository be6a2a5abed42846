import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { smallBody } from './body-size.ts'
import { closesWhenLate } from './read-body.ts'

const everyMs = 10
const piecesAtOnce = 4

/**
 * Handles the rest of a large body whose call has been answered already, such as a refused one: Node would read and drop it as
 * fast as it comes, and a few dozen senders would leave nobody else their turn. Here the connections share a fixed number of
 * pieces a second. A sender that writes all before it reads still gets its answer, and may go on with the connection, unless the
 * body did not arrive in time.
 */
export function dropUnreadBodiesSlowly(app: FastifyInstance): void {
  const unread = new Set<IncomingMessage>()
  let timer: NodeJS.Timeout | undefined

  function dropSome() {
    for (const body of [...unread].slice(0, piecesAtOnce)) {
      unread.delete(body)
      // Taking what has arrived makes Node read the next piece; without it the connection waits.
      body.read()
      if (!body.complete && !body.destroyed) unread.add(body)
      else body.resume()
    }
    if (unread.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  app.addHook('onRequest', ({ raw, headers }, reply, done) => {
    if (hasBody(headers)) closesWhenLate(raw, reply.raw)
    if (mayBeLarge(headers)) {
      // Node drops by itself only what nobody has begun to read.
      raw.read(0)
      reply.raw.once('finish', () => {
        if (raw.complete !== false) return
        unread.add(raw)
        timer ??= setInterval(dropSome, everyMs)
      })
    }
    done()
  })
  app.addHook('preClose', done => {
    for (const { socket } of unread) socket.destroy()
    done()
  })
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

function mayBeLarge(headers: IncomingHttpHeaders): boolean {
  return Number(headers['content-length'] ?? 0) > smallBody || headers['transfer-encoding'] !== undefined
}
