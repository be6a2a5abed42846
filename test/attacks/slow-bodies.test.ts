import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addClient, type TestClient } from '../../server/features/oidc/client.fixture.ts'
import { newSource } from '../../server/features/todo-sources/source.fixture.ts'
import { createLog } from '../../server/platform/operation/log.ts'
import { startWorld, type World } from '../harness.ts'
import { signInAs } from '../sign-in.ts'
import { until } from '../until.ts'

let world: World
let app: TestClient
const lines: string[] = []
beforeAll(async () => {
  const write = (line: string) => lines.push(line)
  world = await startWorld({ overrides: { log: createLog('info', { write } as never) } })
  app = await addClient(world, '图书馆', { oidc: { redirectUris: ['https://lib.example.com/cb'] } })
})
afterAll(() => world.close())

/** `sent`: how many bytes of its body. */
type SlowRequest = {
  socket: Socket
  sent(): number
  answer(): string
  isClosed(): boolean
  closedAfterMs(): number
}

/** A request whose body is announced and sent byte by byte, without an end. */
function drip(path: string, headers: Record<string, string> = {}): SlowRequest {
  const { port, hostname, host } = new URL(world.server.url)
  const socket = connect(Number(port), hostname)
  const given = { host, 'content-type': 'application/json', 'content-length': '5000', ...headers }
  const head = Object.entries(given).map(([name, value]) => `${name}: ${value}`)
  socket.write(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\nx`)
  const began = performance.now()
  let answer = ''
  let closedAt = 0
  let sent = 1
  const timer = setInterval(() => socket.write('x', () => sent++), 100)
  socket.on('data', piece => {
    answer += piece.toString()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    clearInterval(timer)
    closedAt = performance.now()
  })
  return {
    socket,
    sent: () => sent,
    answer: () => answer,
    isClosed: () => closedAt > 0,
    closedAfterMs: () => closedAt - began,
  }
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const issuerPath = () => new URL(app.issuer).pathname
const basic = () => `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`

async function token(headers: Record<string, string>) {
  const began = performance.now()
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' })
  const answer = await fetch(`${app.issuer}/token`, { method: 'POST', body, headers })
  return { status: answer.status, body: await answer.json(), ms: performance.now() - began }
}

describe('bodies that never end', () => {
  it('are refused with 408 wherever one is read, and keep nobody waiting at the token endpoint', async () => {
    const { dev, server, ctx } = world
    const admin = await signInAs(world, 'super')
    const source = await newSource(world, { kind: 'weaver' })
    const devToken = await dev.token()
    const signed = { cookie: admin.cookie, origin: server.url, 'x-wisp-csrf': admin.csrf }
    const timestamp = String(Math.floor(ctx.now() / 1000))
    const push = `msg_signature=${'0'.repeat(40)}&timestamp=${timestamp}&nonce=n`
    const readers: Record<string, SlowRequest> = {
      'a call of the API': drip(`/api/user/search?devToken=${devToken}`),
      'a call with its token inside': drip('/api/user/search'),
      'a page call of nobody': drip('/web/sign-in/passkey/begin'),
      'a page call': drip('/web/passkeys/begin', signed),
      'a push': drip(`/admin/syncController/addressBookChange?${push}`),
      'a source': drip(`${new URL(source.base).pathname}/rest/ofs/ReceiveRequestInfoByJson`),
      MCP: drip('/mcp', { authorization: `Bearer ${devToken}` }),
      consent: drip('/signin/consent', form),
      'a link': drip('/official/linked', { ...form, 'content-length': '900' }),
    }
    // More than the turns of one client, who is named as anybody can.
    const ofTokens = Array.from({ length: 12 }, () =>
      drip(`${issuerPath()}/token?client_id=${app.clientId}`, form),
    )
    await until('all dripping', () => ofTokens.every(one => one.sent() > 3))
    const asked = await token({ authorization: basic() })
    expect(asked).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(asked.ms).toBeLessThan(2000)
    await until('all at the token endpoint closed', () => ofTokens.every(one => one.isClosed()), 8000)
    for (const one of ofTokens) {
      expect(one.answer()).toMatch(/^HTTP\/1\.1 408 /)
      expect(one.answer()).toContain('invalid_request')
      expect(one.closedAfterMs()).toBeGreaterThan(4500)
    }
    const all = Object.entries(readers)
    await until('all others answered', () => all.every(([, one]) => one.answer() !== ''), 12_000)
    const statuses = Object.fromEntries(all.map(([name, one]) => [name, one.answer().split(' ', 2)[1]]))
    expect(statuses).toEqual(Object.fromEntries(all.map(([name]) => [name, '408'])))
    await until('all others closed', () => all.every(([, one]) => one.isClosed()), 2000)
  }, 30_000)

  it('whose senders hang up are no errors of this node', async () => {
    const devToken = await world.dev.token()
    const source = await newSource(world, { kind: 'weaver' })
    lines.length = 0
    const all = [
      drip(`${new URL(source.base).pathname}/rest/ofs/ReceiveRequestInfoByJson`),
      drip('/mcp', { authorization: `Bearer ${devToken}` }),
      drip(`/api/user/search?devToken=${devToken}`),
      drip('/signin/consent', form),
      drip(`${issuerPath()}/token`, form),
    ]
    await until('all dripping', () => all.every(one => one.sent() > 3))
    for (const { socket } of all) socket.destroy()
    await until('all gone', () => all.every(one => one.isClosed()))
    // Another request of each comes after what the node makes of those.
    expect((await world.dev.get('/api/org/tagList')).retCode).toBe('0')
    await source.send('rest/ofs/ReceiveRequestInfoByJson', 'x')
    expect(lines.filter(line => (JSON.parse(line) as { level: number }).level >= 40)).toEqual([])
  })
})

describe('forms', () => {
  it.each(['/signin/consent', '/official/linked'])('at %s are no JSON', async path => {
    const answer = await fetch(`${world.server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(answer.status).toBe(415)
    expect(await answer.json()).toMatchObject({
      retCode: '1000',
      retMessage: expect.stringContaining('application/x-www-form-urlencoded'),
    })
  })
})
