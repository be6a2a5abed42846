import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as foreign from '@wecom/crypto'
import type { Sandbox } from '../../sandbox.ts'
import { type Answer, control } from '../../test-caller.ts'

export const keys = { token: 'AAAAA', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }

/** One account of the sandbox, called with a token of its own. */
export interface AccountCaller {
  originalId: string
  appId: string
  secret: string
  token: string
  get(path: string, query?: Record<string, string | number>): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  act(act: Record<string, unknown>): Promise<Record<string, unknown>>
  messages(openid: string): Promise<{ how: string; type: string; content: Record<string, unknown> }[]>
  control(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>>
  openids(): Promise<string[]>
}

export async function accountCaller(sandbox: Sandbox, n: 0 | 1 | 2): Promise<AccountCaller> {
  const { originalId, appId, secret } = sandbox.official.accounts[n]!
  const read = async (url: string, init?: RequestInit): Promise<Answer> =>
    (await (await fetch(url, init)).json()) as Answer
  const { access_token: token } = (await read(`${sandbox.official.url}/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credential', appid: appId, secret }),
  })) as unknown as { access_token: string }
  const address = (path: string, query: Record<string, string | number> = {}): string => {
    const url = new URL(`${sandbox.official.url}/${path}`)
    for (const [key, value] of Object.entries({ access_token: token, ...query }))
      url.searchParams.set(key, String(value))
    return url.href
  }
  const tell = async (path: string, body: Record<string, unknown>): Promise<Record<string, unknown>> =>
    (await control(sandbox, 'POST', `official/${path}`, { originalId, ...body })).body
  const list = async (path: string): Promise<Record<string, unknown>> =>
    (await control(sandbox, 'GET', `official/${path}originalId=${originalId}`)).body
  return {
    originalId,
    appId,
    secret,
    token,
    get: (path, query) => read(address(path, query)),
    post: (path, body = {}) => read(address(path), { method: 'POST', body: JSON.stringify(body) }),
    act: body => tell('act', body),
    messages: async openid => (await list(`messages?openid=${openid}&`))['messages'] as never,
    control: tell,
    openids: async () =>
      ((await list('followers?limit=10000&'))['followers'] as { openid: string }[]).map(one => one.openid),
  }
}

/** An account's server as an integrator would write it, with a crypto library that is not part of this project. */
export interface AccountServer {
  url: string
  received: { query: URLSearchParams; raw: string; clear: string }[]
  /** The clear body of the answer; undefined is `success`. */
  reply: (clear: string) => string | undefined
  /** Replaces the whole answer. */
  answer: ((response: ServerResponse) => void) | undefined
  close(): Promise<void>
}

export async function startAccountServer(appId: string, encrypted = true): Promise<AccountServer> {
  const http = createServer((request, response) => void receive(request, response))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server: AccountServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/callback?a=1`,
    received: [],
    reply: () => undefined,
    answer: undefined,
    close: async () => {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '', server.url).searchParams
    const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? '']
    if (foreign.getSignature(keys.token, timestamp, nonce, '') !== query.get('signature')) {
      response.writeHead(403).end()
      return
    }
    const echo = query.get('echostr')
    if (echo !== null) {
      response.end(echo)
      return
    }
    const raw = Buffer.concat(await request.toArray()).toString()
    const sealed = /<Encrypt><!\[CDATA\[(.*?)\]\]>|"Encrypt":"(.*?)"/.exec(raw)
    let clear = raw
    if (sealed) {
      const text = sealed[1] ?? sealed[2]!
      if (foreign.getSignature(keys.token, timestamp, nonce, text) !== query.get('msg_signature'))
        throw new Error('msg_signature is wrong')
      const opened = foreign.decrypt(keys.encodingAesKey, text)
      if (opened.id !== appId) throw new Error('encrypted for another appid')
      clear = opened.message
    }
    server.received.push({ query, raw, clear })
    if (server.answer) return server.answer(response)
    const reply = server.reply(clear)
    response.end(reply === undefined ? 'success' : encrypted ? sealReply(reply, appId) : reply)
  }
  return server
}

export function sealReply(reply: string, appId: string): string {
  const text = foreign.encrypt(keys.encodingAesKey, reply, appId)
  const signature = foreign.getSignature(keys.token, '1411525903', 'abc', text)
  return `<xml><Encrypt><![CDATA[${text}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1411525903</TimeStamp><Nonce><![CDATA[abc]]></Nonce></xml>`
}

/** A text reply to a push in clear XML. */
export function textReply(clear: string, content: string): string {
  const of = (name: string): string => new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]>`).exec(clear)?.[1] ?? ''
  return `<xml><ToUserName><![CDATA[${of('FromUserName')}]]></ToUserName><FromUserName><![CDATA[${of('ToUserName')}]]></FromUserName><CreateTime>1411525903</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content></xml>`
}
