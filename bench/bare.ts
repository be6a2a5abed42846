import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from './processes.ts'

/** A recorded answer of wisp; the body is in base64. */
export type SeenAnswer = { headers: Record<string, string>; body: string }

/**
 * The fastest answer that a node:http server can give: without looking at the request, the n-th request gets
 * the n-th of the given answers, byte for byte what wisp answered to it.
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
