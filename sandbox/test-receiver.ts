import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as foreign from '@wecom/crypto'

export const callbackKeys = { token: 'QDG6eK', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }

export interface ReceivedPush {
  xml: string
  raw: string
  query: URLSearchParams
}

/** A receive URL as an integrator would write it, using a crypto library that is not part of this project. */
export interface Receiver {
  url: string
  received: ReceivedPush[]
  /** Replaces the answer to pushes, which is an empty 200 by default. */
  answer: (response: ServerResponse, push: ReceivedPush) => void
  /** Replaces the answer to a verification. */
  echo: (response: ServerResponse, plain: string) => void
  /** Resolves when that many pushes have arrived. */
  until(count: number): Promise<ReceivedPush[]>
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => void receive(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/change?corp=1`,
    received: [],
    answer: response => response.end(),
    echo: (response, plain) => response.end(plain),
    until: async count => {
      while (receiver.received.length < count)
        await once(server, 'push', { signal: AbortSignal.timeout(10_000) })
      return receiver.received
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '', receiver.url).searchParams
    const echo = query.get('echostr')
    const raw = Buffer.concat(await request.toArray()).toString()
    const encrypted = echo ?? /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(raw)?.[1] ?? ''
    const signature = foreign.getSignature(
      callbackKeys.token,
      query.get('timestamp') ?? '',
      query.get('nonce') ?? '',
      encrypted,
    )
    if (signature !== query.get('msg_signature')) {
      response.writeHead(403).end()
      return
    }
    const { message } = foreign.decrypt(callbackKeys.encodingAesKey, encrypted)
    if (echo !== null) {
      receiver.echo(response, message)
      return
    }
    const push = { xml: message, raw, query }
    receiver.received.push(push)
    receiver.answer(response, push)
    server.emit('push')
  }
  return receiver
}
