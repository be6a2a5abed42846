import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What stands before the nodes: one address, from which each request goes to whichever node `target` names. */
export type Gateway = { readonly url: string; target: () => string; close(): Promise<void> }

/** A request whose node dies is answered 502, as any load balancer does. */
export async function startGateway(): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming
    const passed = request(`${gateway.target()}${url}`, { method, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.on('error', () => outgoing.destroy())
      answer.pipe(outgoing)
    })
    passed.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end()
    })
    incoming.pipe(passed)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: () => '',
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return gateway
}
