import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { checkEvent } from '../../platform/http/shape.fixture.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
export type Event = { type: string; timestamp: string; data: any }
export type ReceivedEvent = {
  id: string
  headers: IncomingHttpHeaders
  body: string
  event: Event
  path: string
}

/** A program that takes webhooks. */
export type Target = {
  url: string
  got: ReceivedEvent[]
  /** How calls are answered from now on: 200 at first. */
  answer(how: (received: ReceivedEvent, response: ServerResponse) => void): void
  /** The types and numbers of what came. */
  types(): string[]
  /** Throws when something came that its type does not declare. */
  close(): Promise<void>
}

export async function startTarget(): Promise<Target> {
  let how: (received: ReceivedEvent, response: ServerResponse) => void = (_received, response) => {
    response.end('ok')
  }
  const got: ReceivedEvent[] = []
  let undeclared: unknown
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts).toString()
    const received = {
      id: String(request.headers['webhook-id']),
      headers: request.headers,
      body,
      event: JSON.parse(body) as Event,
      path: request.url ?? '',
    }
    got.push(received)
    try {
      checkEvent(received.event.type, received.event.data)
    } catch (error) {
      undeclared ??= error
    }
    how(received, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/events`,
    got,
    answer(given) {
      how = given
    },
    types: () => got.map(one => one.event.type),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      if (undeclared) throw undeclared
    },
  }
}

/** Checks a call with the library of Standard Webhooks. Throws when it is not what the owner of the secret sent just now. */
export function verify(secret: string, { headers, body }: Pick<ReceivedEvent, 'headers' | 'body'>): Event {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Event
}
