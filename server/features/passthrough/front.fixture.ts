import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type SeenRequest = { method: string; url: string; type: string; body: Buffer }
type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Stands before the sandbox, keeps what comes to the letter, and gives scripted answers before it passes anything on. */
export async function startFront(target: () => string) {
  const seen: SeenRequest[] = []
  const script: RequestHandler[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { method = '', url = '', headers } = request
    const type = headers['content-type'] ?? ''
    if (url.startsWith('/cgi-bin/gettoken')) return relay()
    seen.push({ method, url, type, body })
    const next = script.shift()
    return next ? next(request, response) : relay()

    async function relay() {
      const init =
        method === 'POST' ? { method, body: new Uint8Array(body), headers: { 'content-type': type } } : {}
      const answer = await fetch(`${target()}${url}`, init)
      const disposition = answer.headers.get('content-disposition')
      if (disposition) response.setHeader('content-disposition', disposition)
      response.setHeader('content-type', answer.headers.get('content-type') ?? '')
      response.end(Buffer.from(await answer.arrayBuffer()))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** The next call that is no call for a token gets this. */
    answer(...next: (object | string | RequestHandler)[]) {
      for (const one of next)
        script.push(
          typeof one === 'function'
            ? (one as RequestHandler)
            : (_request, response) => {
                response.setHeader('content-type', 'application/json')
                response.end(typeof one === 'string' ? one : JSON.stringify(one))
              },
        )
    },
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
export type Front = Awaited<ReturnType<typeof startFront>>
