/**
 * No caller holds up all others. A body is measured before it is parsed, against what its call's inputs can come to and what
 * its sender has in progress. `readBody` is the only reader, and ends bodies that do not arrive. JSON, JSON5 and XML of
 * outsiders are counted (excess.ts) before a parser gets them. A slot (http/waiting/slots.ts) is taken after the body has
 * arrived, by a proved name, and is waited for within a limit. Pieces of work of a millisecond or more wait for a turn of the
 * event loop of their own, and a long piece is followed by an equally long rest (operation/own-turn.ts). A message to many
 * people is accepted in a transaction of its own, and is written and sent for a thousand people at a time, in turns among
 * developers.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { ownTurn } from '../../operation/own-turn.ts'
import { ApiError } from '../errors.ts'
import { own, told } from '../told.ts'
import { bodyWithinMs, largeBody } from './body-size.ts'
import type { BodiesInProgress } from './in-progress.ts'

/** Bodies of more bytes than this are worked on one by one. */
const takesTurnAbove = 16_384

type ParserCallback = (error: Error | null, body?: Buffer) => void

const answers = new WeakMap<IncomingMessage, ServerResponse>()

/** Has the connection closed behind this answer if the request's body does not arrive in time, whoever words the refusal. */
export function closesWhenLate(message: IncomingMessage, answer: ServerResponse): void {
  answers.set(message, answer)
}

/**
 * Reads a body, and counts it while it is read and until its call ends. A large one is passed on in a turn of the event loop of
 * its own, so that many at once leave everybody else their turns between them. Every reader of bodies reads by this function,
 * so that a body which never ends is refused with 408 everywhere. Without `bodies` it is not counted.
 */
export function readBody(
  bodies: BodiesInProgress | undefined,
  request: FastifyRequest,
  payload: IncomingMessage,
  atMost: number,
  done: ParserCallback,
  withinMs = atMost > largeBody ? undefined : bodyWithinMs,
): void {
  const announced = Number(request.headers['content-length'] ?? 0)
  const chunks: Buffer[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  const leave = () => {
    clearTimeout(timer)
    payload.off('data', take).off('end', finish).off('error', fail)
  }
  const fail = (error: Error) => {
    leave()
    payload.pause()
    bodies?.end(request)
    done(error)
  }
  const take = (chunk: Buffer) => {
    size += chunk.length
    try {
      if (size > atMost) throw tooLarge(atMost)
      if (size > announced) bodies?.add(request, chunk.length)
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
    bodies?.add(request, announced)
  } catch (error) {
    fail(error as Error)
    return
  }
  if (withinMs !== undefined)
    timer = setTimeout(() => {
      const answer = answers.get(payload)
      if (answer) answer.shouldKeepAlive = false
      fail(tooLate(withinMs))
    }, withinMs)
  payload.on('data', take).on('end', finish).on('error', fail)
}

/** Whether a body could not be read because its sender hung up: nobody is there to be answered, and nothing is wrong here. */
export function isHangUp(error: unknown, { raw }: FastifyRequest): boolean {
  return (error as { code?: unknown }).code === 'ECONNRESET' && raw.destroyed
}

function tooLate(withinMs: number): ApiError {
  const seconds = withinMs / 1000
  return new ApiError(
    'badParameter',
    {
      zh: told`请求体没有在 ${own(seconds)} 秒内发完，没有处理；请检查网络，或减小请求体`,
      en: told`the body did not arrive within ${own(seconds)} seconds and was not handled: check the network, or send less`,
    },
    { status: 408 },
  )
}

export function tooLarge(atMost: number): ApiError {
  return new ApiError(
    'badParameter',
    {
      zh: told`请求体超过 ${own(atMost)} 字节，没有处理；请减小或分几次发送`,
      en: told`the body is over ${own(atMost)} bytes and was not handled: send less, or in several calls`,
    },
    { status: 413 },
  )
}
