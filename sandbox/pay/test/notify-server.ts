import { createDecipheriv, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedNotification {
  headers: IncomingHttpHeaders
  raw: string
}

/** A merchant's notify_url. */
export interface NotifyServer {
  url: string
  received: ReceivedNotification[]
  /** Answers 204 until it is set otherwise. */
  answer: (response: ServerResponse) => void
  close(): Promise<void>
}

const taken = (response: ServerResponse): unknown => response.writeHead(204).end()

export async function startNotifyServer(): Promise<NotifyServer> {
  const http = createServer((request, response) => void receive(request, response))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server: NotifyServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/pay/notify`,
    received: [],
    answer: taken,
    close: async () => {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = Buffer.concat(await request.toArray()).toString()
    server.received.push({ headers: request.headers, raw })
    server.answer(response)
  }
  return server
}

export function isSignedBy({ headers, raw }: ReceivedNotification, publicKey: string): boolean {
  const text = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${raw}\n`
  const signature = Buffer.from(String(headers['wechatpay-signature']), 'base64')
  return verify('sha256', Buffer.from(text), publicKey, signature)
}

/** The body of a notification with what is encrypted in it in clear. */
export function open(
  raw: string,
  apiV3Key: string,
): Record<string, unknown> & { clear: Record<string, unknown> } {
  const body = JSON.parse(raw) as { resource: Record<string, string> }
  return { ...body, clear: JSON.parse(unseal(body.resource, apiV3Key)) as Record<string, unknown> }
}

/** What was encrypted with the APIv3 key. */
export function unseal(sealed: Record<string, string>, apiV3Key: string): string {
  const { ciphertext, nonce, associated_data: associated } = sealed
  const bytes = Buffer.from(ciphertext ?? '', 'base64')
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce ?? '')
    .setAAD(Buffer.from(associated ?? ''))
    .setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString()
}
