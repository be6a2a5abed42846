import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * What is done to a call of the API: a token that wisp does not know, an answer that is lost on its way back, a refusal that asks to come
 * back in so many seconds, or nothing.
 */
export type Fault = 'dead token' | 'lost answer' | 'none' | { retryAfter: number }

/** Stands between the examples and wisp, notes their calls, and spoils those that it is told to. */
export type FaultProxy = {
  url: string
  /** Paths without `/api/`. */
  calls: string[]
  /** For the calls to come, without those for a token. */
  faults: Fault[]
  close(): Promise<void>
}

export async function startBetween(target: string): Promise<FaultProxy> {
  const calls: string[] = []
  const faults: Fault[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const { pathname } = new URL(request.url ?? '/', target)
    calls.push(pathname.replace('/api/', ''))
    const fault = pathname === '/api/token/getDevToken' ? undefined : faults.shift()
    if (typeof fault === 'object') {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': String(fault.retryAfter) })
      return response.end('{"retCode":"1010","retMessage":"请求过于频繁"}')
    }
    const { authorization } = request.headers
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      headers: {
        'content-type': 'application/json',
        ...(authorization && { authorization: fault === 'dead token' ? 'Bearer dead' : authorization }),
      },
      ...(request.method === 'POST' && { body }),
    })
    if (fault === 'lost answer') return response.destroy()
    response.writeHead(answer.status, { 'x-request-id': answer.headers.get('x-request-id') ?? '' })
    return response.end(await answer.text())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    faults,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
