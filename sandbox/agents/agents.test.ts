import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as foreign from '@wecom/crypto'
import ServerRequest from 'node-easywechat/dist/Core/Http/ServerRequest.js'
import Application from 'node-easywechat/dist/Work/Application.js'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../sandbox.ts'
import { callbackKeys, type ReceivedPush, type Receiver, startReceiver } from '../test-receiver.ts'

let sandbox: Sandbox
let receiver: Receiver
let agentId: number
beforeAll(async () => {
  sandbox = await startSandbox({ members: 30 })
  receiver = await startReceiver()
  agentId = sandbox.agents[0]!.agentId
})
afterAll(async () => {
  await sandbox.close()
  await receiver.close()
})
afterEach(() => {
  receiver.received.length = 0
  receiver.answer = response => response.end()
})

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
const control = async (path: string, body?: object): Promise<any> => {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  return (await fetch(`${sandbox.url}/_sandbox/${path}`, init)).json()
}
const configure = (change: object = {}) =>
  control('agents/callback', {
    agentId,
    url: receiver.url,
    ...callbackKeys,
    retryDelaysMs: [10, 10],
    timeoutMs: 300,
    ...change,
  })
const say = (content: string) => control('agents/act', { agentId, userId: 'lisi', act: 'text', content })

/** A passive reply as an integrator's own library seals it. */
function sealed(fields: string, { from = sandbox.corpId, to = 'lisi', token = callbackKeys.token } = {}) {
  const xml = `<xml><ToUserName>${to}</ToUserName><FromUserName>${from}</FromUserName><CreateTime>1</CreateTime>${fields}</xml>`
  const text = foreign.encrypt(callbackKeys.encodingAesKey, xml, sandbox.corpId)
  const signature = foreign.getSignature(token, '1', '2', text)
  return `<xml><Encrypt>${text}</Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>`
}

it('saves an address only when it answers the verification', async () => {
  expect((await configure({ token: 'other' })).error).toMatch(/403/)
  expect((await configure({ agentId: 7 })).error).toMatch(/agentId/)
  expect(await configure()).toMatchObject({ saved: true })
  const { agents } = await control('agents')
  expect(agents[0].callback.url).toBe(receiver.url)
})

it('pushes messages and events with the agent in envelope and content, three times at most', async () => {
  await configure()
  expect(await say('在吗')).toMatchObject({ state: 'answered', reply: null, attempts: [{ status: 200 }] })
  const [push] = receiver.received as [ReceivedPush]
  expect(push.raw).toContain(`<AgentID><![CDATA[${agentId}]]></AgentID>`)
  expect(push.xml).toMatch(
    new RegExp(
      `<Content><!\\[CDATA\\[在吗\\]\\]></Content><MsgId>\\d{19}</MsgId><AgentID>${agentId}</AgentID></xml>$`,
    ),
  )
  receiver.received.length = 0
  receiver.answer = response => void response.writeHead(500).end()
  expect(await control('agents/push', { agentId, fields: { Event: 'low_active' } })).toMatchObject({
    state: 'failed',
    attempts: [{ status: 500 }, { status: 500 }, { status: 500 }],
  })
  expect(new Set(receiver.received.map(one => one.raw)).size).toBe(1)
  receiver.answer = () => undefined
  const late = await say('慢')
  expect(late.attempts.map((one: { error: string }) => one.error)).toEqual(
    Array(3).fill('no answer within 300 ms'),
  )
})

it('takes replies that are right, and says what is wrong with others', async () => {
  await configure()
  const answer = async (body: string) => {
    receiver.answer = response => response.end(body)
    return say('问')
  }
  const text = '<MsgType>text</MsgType><Content>答</Content>'
  expect(await answer(sealed(text))).toMatchObject({ note: '', reply: { MsgType: 'text', Content: '答' } })
  const { messages } = await control('messages?channel=wecom&to=lisi')
  expect(messages.at(-1)).toMatchObject({ isReply: true, content: { content: '答' } })
  expect(messages.at(-2)).toMatchObject({ from: 'lisi', content: { content: '问' } })
  for (const [body, why] of [
    [sealed(text, { to: 'zhangsan' }), /ToUserName/],
    [sealed(text, { from: 'wwother' }), /FromUserName/],
    [sealed(text, { token: 'other' }), /MsgSignature/],
    [sealed('<MsgType>image</MsgType><Image><MediaId>none</MediaId></Image>'), /MediaId none is unknown/],
    [sealed('<MsgType>update_button</MsgType><Button><ReplaceName>x</ReplaceName></Button>'), /card/],
    ['hello', /no XML/],
  ] as const)
    expect(await answer(body)).toMatchObject({
      state: 'answered',
      reply: null,
      note: expect.stringMatching(why),
    })
})

it('doubles, drops and holds back what faults say', async () => {
  await configure()
  const fault = (mode: string) => control('faults', { match: 'callback/agent', mode, times: 1, delayMs: 50 })
  await fault('dropCallback')
  expect(await say('丢')).toMatchObject({ state: 'dropped' })
  await fault('duplicateCallback')
  await say('双')
  expect(receiver.received.map(one => one.xml)).toHaveLength(2)
  expect(receiver.received[0]!.raw).toBe(receiver.received[1]!.raw)
  receiver.received.length = 0
  await fault('reorderCallback')
  await Promise.all([say('先'), say('后')])
  expect(receiver.received[0]!.xml).toContain('后')
})

it('is understood by node-easywechat, whose reply it takes', async () => {
  const app = () =>
    new Application({
      corp_id: sandbox.corpId,
      secret: sandbox.agents[0]!.secret,
      token: callbackKeys.token,
      aes_key: callbackKeys.encodingAesKey,
    })
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const url = `http://x${request.url}`
    const client = app().setRequest(new ServerRequest(request.method ?? '', url, request.headers, body))
    const handled = client
      .getServer()
      .with(async (message: { Content?: string }) => `收到 ${message.Content}`)
    const answer = await handled.serve()
    response.writeHead(answer.getStatusCode()).end(String(answer.getBody()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    expect(await configure({ url, timeoutMs: 3000 })).toMatchObject({ saved: true })
    expect(await say('你好')).toMatchObject({ note: '', reply: { MsgType: 'text', Content: '收到 你好' } })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
