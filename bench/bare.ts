import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from './processes.ts'

/** An answer of wisp that was seen before; the body in base64. */
export type SeenAnswer = { headers: Record<string, string>; body: string }

/**
 * The least that a node:http server can do: it answers the n-th request with the n-th of the given answers, byte for
 * byte what wisp answered to the same requests, and looks at nothing.
 */
export async function startBareServer(seen: SeenAnswer[]): Promise<{ port: number; server: Server }> {
  const answers = seen.map(({ headers, body }) => {
    const bytes = Buffer.from(body, 'base64')
    return { headers: { ...headers, 'content-length': bytes.length }, bytes }
  })
  let count = 0
  const server = createServer((request, response) => {
    const answer = answers[count++ % answers.length]!
    const send = () => {
      response.writeHead(200, answer.headers)
      response.end(answer.bytes)
    }
    if (request.method === 'GET') send()
    else request.resume().once('end', send)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, server }
}

if (import.meta.main) {
  let running: Server | undefined
  answerParent(
    { ready: true },
    {
      async serve({ answers }: { answers: string }) {
        running?.close()
        running?.closeAllConnections()
        const { port, server } = await startBareServer(
          JSON.parse(readFileSync(answers, 'utf8')) as SeenAnswer[],
        )
        running = server
        return port
      },
    },
  )
}
