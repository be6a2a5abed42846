import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { createUpstreamPool, type UpstreamPool } from '../transport/pool.ts'
import type { TokenSource } from '../transport/token-source.ts'
import { createWecomClient, type WecomClientOptions } from './client.ts'

export const SECRET = 'Sup3rSecretValue'
export interface SeenRequest {
  method: string
  path: string
  query: Record<string, string>
  body: unknown
}
/** One scripted answer: an object is sent as JSON; a function answers in any way it likes. */
export type Step = object | ((request: IncomingMessage, response: ServerResponse) => unknown)

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** An upstream that gives the scripted answers in order and then repeats the last one. */
export async function upstream(...script: Step[]) {
  const seen: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://upstream')
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const body = text === '' ? undefined : (JSON.parse(text) as unknown)
    const query = Object.fromEntries(url.searchParams)
    const step = script[Math.min(seen.length, script.length - 1)] ?? {}
    seen.push({ method: request.method ?? '', path: url.pathname, query, body })
    if (typeof step === 'function') await step(request, response)
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(step))
  })
  return { seen, baseUrl: `http://127.0.0.1:${await listen(server)}` }
}

export function newPool(options?: Parameters<typeof createUpstreamPool>[0]): UpstreamPool {
  const pool = createUpstreamPool(options)
  closers.push(() => pool.close())
  return pool
}

/** Numbered tokens, so that a test can see which one was used. */
export function numberedTokens(): TokenSource & { renewed: string[] } {
  let number = 1
  const renewed: string[] = []
  return {
    renewed,
    get: async () => `token-${number}`,
    renew: async failed => {
      renewed.push(failed)
      number++
      return `token-${number}`
    },
  }
}

export function client(baseUrl: string, more: Partial<WecomClientOptions> = {}) {
  const slept: number[] = []
  const calls: [string, number | 'network'][] = []
  const tokens = numberedTokens()
  const made = createWecomClient({
    baseUrl,
    corpId: 'ww1',
    secret: SECRET,
    tokens,
    pool: more.pool ?? newPool(),
    sleep: async ms => void slept.push(ms),
    onCall: ({ path, errcode }) => calls.push([path, errcode]),
    ...more,
  })
  return { wecom: made, slept, calls, tokens }
}

export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}

export const ok = { errcode: 0, errmsg: 'ok' }
export const status =
  (code: number, text = 'down') =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.statusCode = code
    response.end(text)
  }
export const raw =
  (text: string, type = 'application/json') =>
  (_: IncomingMessage, response: ServerResponse) => {
    response.setHeader('content-type', type).end(text)
  }
export const hangUp = (request: IncomingMessage) => request.socket.destroy()
export const halfAnswer = (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('{"errcode":0')
  setTimeout(() => response.destroy(), 5)
}
export const silence = () => undefined
export const tags = { ...ok, taglist: [{ tagid: 1, tagname: '经理' }] }
