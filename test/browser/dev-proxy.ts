import { type IncomingMessage, request, type ServerResponse } from 'node:http'

/** Hands a request on, whole, with the Host that the browser sent: wisp shall take the front for itself. */
export function proxyTo(target: () => string): (from: IncomingMessage, to: ServerResponse) => void {
  return (from, to) => {
    const { hostname, port } = new URL(target())
    const onward = request(
      { hostname, port, path: from.url, method: from.method, headers: from.headers },
      answer => {
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(to)
      },
    )
    onward.on('error', error => {
      to.statusCode = 502
      to.end(String(error))
    })
    from.pipe(onward)
  }
}
