import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { ownTurn } from '../../operation/own-turn.ts'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'
import type { BodiesInProgress } from './in-progress.ts'

/** Bodies of more bytes than this are worked on one by one. */
const takesTurnAbove = 16_384

type Done = (error: Error | null, body?: Buffer) => void

/**
 * Reads a body, and counts it while it is read and until its call ends. A large one is passed on in a turn of the event loop of
 * its own, so that many at once leave everybody else their turns between them.
 */
export function readBody(
  bodies: BodiesInProgress,
  request: FastifyRequest,
  payload: IncomingMessage,
  atMost: number,
  done: Done,
): void {
  const announced = Number(request.headers['content-length'] ?? 0)
  const chunks: Buffer[] = []
  let size = 0
  const leave = () => payload.off('data', take).off('end', finish).off('error', fail)
  const fail = (error: Error) => {
    leave()
    payload.pause()
    bodies.end(request)
    done(error)
  }
  const take = (chunk: Buffer) => {
    size += chunk.length
    try {
      if (size > atMost) throw tooLarge(atMost)
      if (size > announced) bodies.add(request, chunk.length)
      chunks.push(chunk)
    } catch (error) {
      fail(error as Error)
    }
  }
  const finish = () => {
    leave()
    const body = Buffer.concat(chunks, size)
    // A turn never fails, and what is done in it answers its own failures.
    if (size > takesTurnAbove) void ownTurn().then(() => done(null, body))
    else done(null, body)
  }
  try {
    if (announced > atMost) throw tooLarge(atMost)
    bodies.add(request, announced)
  } catch (error) {
    fail(error as Error)
    return
  }
  payload.on('data', take).on('end', finish).on('error', fail)
}

export function tooLarge(atMost: number): ApiError {
  return new ApiError(
    'badParameter',
    { zh: told`请求体超过 ${own(atMost)} 字节`, en: told`the body is over ${own(atMost)} bytes` },
    { status: 413 },
  )
}
