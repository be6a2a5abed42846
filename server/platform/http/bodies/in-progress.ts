import type { FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'

/**
 * Counts the bodies that are in progress on this node, in bytes and by sender: from their announcement or arrival until their
 * call ends. A body belongs to the address that sends it until its developer or person is known.
 */
export type BodiesInProgress = {
  /** Counts bytes that are announced or have arrived. Throws 1010. */
  add(request: FastifyRequest, bytes: number): void
  /** Throws 1010 when this sender has too much in progress already. */
  belongsTo(request: FastifyRequest, sender: string): void
  /** Ends the count of this call; repeating it is harmless. */
  end(request: FastifyRequest): void
}

export const bytesAtOnce = 8_000_000

type Body = { sender: string; bytes: number }

export function createBodiesInProgress(): BodiesInProgress {
  const bodies = new WeakMap<FastifyRequest, Body>()
  const bytesOf = new Map<string, number>()

  function bodyOf(request: FastifyRequest): Body {
    const known = bodies.get(request)
    if (known) return known
    const body = { sender: `address ${request.ip}`, bytes: 0 }
    bodies.set(request, body)
    return body
  }

  /** A body that is alone is taken whatever its size, because a file that may be uploaded can be larger than this limit. */
  function take(sender: string, own: number, bytes: number) {
    const total = bytesOf.get(sender) ?? 0
    if (total > own && total + bytes > bytesAtOnce) throw tooMuch()
    if (bytes > 0) bytesOf.set(sender, total + bytes)
  }

  function giveBack({ sender, bytes }: Body) {
    const left = (bytesOf.get(sender) ?? 0) - bytes
    if (left > 0) bytesOf.set(sender, left)
    else bytesOf.delete(sender)
  }

  return {
    add(request, bytes) {
      const body = bodyOf(request)
      take(body.sender, body.bytes, bytes)
      body.bytes += bytes
    },
    belongsTo(request, sender) {
      const body = bodyOf(request)
      if (body.sender === sender) return
      take(sender, 0, body.bytes)
      giveBack(body)
      body.sender = sender
    },
    end(request) {
      const body = bodies.get(request)
      if (!body) return
      giveBack(body)
      bodies.delete(request)
    },
  }
}

function tooMuch(): ApiError {
  return new ApiError(
    'tooManyRequests',
    {
      zh: `同时处理的请求体合计超过 ${bytesAtOnce} 字节，请等前面的请求完成`,
      en: `the bodies in progress come to more than ${bytesAtOnce} bytes: wait until earlier calls have ended`,
    },
    { retryAfterSeconds: 1 },
  )
}
