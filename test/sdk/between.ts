import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of one request on its way to wisp. */
export type Fault =
  /** It does not arrive. */
  | 'lost'
  /** It arrives, and its answer does not. */
  | 'unanswered'
  /** Neither arrives, and the connection stays open. */
  | 'silent'
  /** Somebody else answers. */
  | { status: number; headers?: Record<string, string>; body: string }
  /** The answer is another. */
  | ((answer: string) => string)

export type SeenRequest = { method: string; path: string; headers: IncomingMessage['headers']; body: string }

/** What stands between a client and wisp: it notes what passes, and fails as it is told. */
export type FaultProxy = {
  url: string
  seen: SeenRequest[]
  /** Requests to the path meet these faults, one each. */
  fail(path: string, ...faults: readonly Fault[]): void
  /** Ends all connections, also those on which answers are still arriving. */
  cut(): void
  /** Forgets what was seen. */
  clear(): void
  close(): Promise<void>
}

export async function startBetween(target: string): Promise<FaultProxy> {
  const seen: SeenRequest[] = []
  const faults = new Map<string, Fault[]>()

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const path = url.split('?', 1)[0] ?? ''
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const fault = faults.get(path)?.shift()
    seen.push({ method, path, headers, body: String(body) })
    if (fault === 'lost') return void response.destroy()
    if (fault === 'silent') return
    if (typeof fault === 'object') return void response.writeHead(fault.status, fault.headers).end(fault.body)
    const { host, connection, 'content-length': _length, ...rest } = headers
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const answer = await fetch(`${target}${url}`, {
      method,
      headers: rest as Record<string, string>,
      redirect: 'manual',
      signal: gone.signal,
      ...(method === 'GET' ? {} : { body }),
    })
    const kept = [...answer.headers].filter(
      ([name]) => !/^(content-length|connection|transfer-encoding|keep-alive)$/.test(name),
    )
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
    const bytes = isStream ? undefined : Buffer.from(await answer.arrayBuffer())
    if (fault === 'unanswered') return void response.destroy()
    response.writeHead(answer.status, Object.fromEntries(kept))
    if (bytes) return void response.end(fault ? fault(String(bytes)) : bytes)
    response.flushHeaders()
    for await (const part of answer.body ?? []) response.write(part)
    response.end()
  }

  const server = createServer(
    (request, response) => void pass(request, response).catch(() => response.destroy()),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    fail: (path, ...more) => void faults.set(path, [...(faults.get(path) ?? []), ...more]),
    cut: () => server.closeAllConnections(),
    clear: () => void seen.splice(0),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
