import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { endpoints } from '../../../features.ts'
import { startServer } from '../../../server.ts'
import { readConfig } from '../../config.ts'
import { refusal } from '../checked.fixture.ts'
import { sizeOfInputs } from './body-size.ts'
import { checkStructure } from './json-structure.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const json = { 'content-type': 'application/json' }
const large = 900_000

/** A call whose body is announced, of which only a part is sent until the test says so. */
async function begin(url: string, path: string, headers: Record<string, string | number>, part = '') {
  const { port, hostname, host } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  const lines = Object.entries({ host, ...json, ...headers }).map(([name, value]) => `${name}: ${value}`)
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${part}`)
  let answer = ''
  socket.on('data', piece => {
    answer += piece.toString()
  })
  socket.on('error', () => {})
  return { socket, answer: () => answer }
}

const ask = (url: string, path: string, body: string) =>
  call(`${url}${path}`, { method: 'POST', headers: json, body })
const sendPath = async (dev: Caller) => `/api/message/send?devToken=${await dev.token()}`

describe('the size of a body', () => {
  it('follows from the inputs', async () => {
    const dev = world.dev
    const small = await ask(
      world.server.url,
      `/api/user/search?devToken=${await dev.token()}`,
      JSON.stringify({ searchName: 'x'.repeat(70_000) }),
    )
    expect([small.status, refusal(small)]).toEqual([
      413,
      '1000 参数错误: 请求体超过 65536 字节，没有处理；请减小或分几次发送',
    ])
    const sent = await ask(
      world.server.url,
      await sendPath(dev),
      JSON.stringify({ content: 'x'.repeat(70_000) }),
    )
    expect([sent.status, sent.retCode]).toEqual([200, '1001'])
    const beyond = await ask(world.server.url, await sendPath(dev), 'x'.repeat(2_000_001))
    expect([beyond.status, refusal(beyond)]).toEqual([
      413,
      '1000 参数错误: 请求体超过 2000000 字节，没有处理；请减小或分几次发送',
    ])
  })

  it('is enough for what each call is declared to take', () => {
    const sizes = Object.fromEntries(endpoints.map(one => [one.path, sizeOfInputs(one.input)]))
    expect(sizes['/api/user/search']).toEqual({ bytes: 65_536, elements: 5000 })
    expect(sizes['/api/message/send']).toEqual({ bytes: 2_000_000, elements: 5000 })
    expect(sizes['/api/org/addTagUsers']?.elements).toBeGreaterThan(100_000)
  })

  it('is told to a sender that is still sending, whose connection goes on', async () => {
    const { url } = world.server
    const path = `/api/user/search?devToken=${await world.dev.token()}`
    const { socket, answer } = await begin(url, path, { 'content-length': large })
    await until('the refusal', () => answer().includes('请求体超过 65536 字节，没有处理；请减小或分几次发送'))
    expect(answer()).toMatch(/^HTTP\/1\.1 413 /)
    const next = `GET /api/org/tagList?devToken=${await world.dev.token()} HTTP/1.1\r\nhost: wisp\r\n\r\n`
    socket.write(`${'x'.repeat(large)}${next}`)
    await until('the next answer', () => answer().includes('"retCode":"0"'))
    socket.destroy()
  })

  it('is counted while a body of unknown size arrives', async () => {
    const { url } = world.server
    const path = `/api/user/search?devToken=${await world.dev.token()}`
    const chunk = 'x'.repeat(0x10000)
    const { socket, answer } = await begin(
      url,
      path,
      { 'transfer-encoding': 'chunked' },
      `10000\r\n${chunk}\r\n1\r\nx\r\n`,
    )
    await until('the refusal', () => answer().includes('请求体超过 65536 字节，没有处理；请减小或分几次发送'))
    socket.destroy()
  })
})

describe('bodies in progress', () => {
  /** Takes up all that this developer may have in progress: four bodies of 2 MB. */
  async function occupy(url: string, dev: Caller) {
    const path = await sendPath(dev)
    const calls = await Promise.all(
      Array.from({ length: 4 }, () => begin(url, path, { 'content-length': 2_000_000 })),
    )
    await until('all counted', async () => (await ask(url, path, '{}')).status === 429)
    return { path, calls }
  }

  it('are limited for each developer on each node, before they are read', async () => {
    const { url } = world.server
    const [busy, other] = [await world.addDeveloper(), await world.addDeveloper()]
    const { path, calls } = await occupy(url, busy)
    const refused = await ask(url, path, '{}')
    expect([refused.status, refusal(refused), refused.headers.get('retry-after')]).toEqual([
      429,
      '1010 请求过于频繁: 同时处理的请求体合计超过 8000000 字节，请等前面的请求完成',
      '1',
    ])
    expect((await busy.get('/api/org/tagList')).retCode).toBe('0')
    expect((await ask(url, await sendPath(other), '{}')).retCode).toBe('1001')
    const second = await startServer(readConfig(world.env), { log: world.ctx.log })
    expect((await ask(second.url, path, '{}')).retCode).toBe('1001')
    await second.close()
    for (const { socket } of calls) socket.destroy()
    await until('all counted back', async () => (await ask(url, path, '{}')).status === 200)
  })

  it('are given back by calls that end, whichever way', async () => {
    const { url } = world.server
    const { path, calls } = await occupy(url, await world.addDeveloper())
    const bodies = [
      '{"content":"x"}',
      'no JSON',
      `[${'1,'.repeat(6000)}1]`,
      `{"toUser":"nobody","content":"x"}`,
    ]
    for (const [n, { socket, answer }] of calls.entries()) {
      socket.write(bodies[n]!.padEnd(2_000_000))
      await until('its answer', () => answer() !== '')
      expect(answer()).toMatch(/"retCode":"10\d\d"/)
      socket.destroy()
    }
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => ask(url, path, '{"content":"x"}'.padEnd(1_900_000))),
    )
    expect(answers.map(one => one.retCode)).toEqual(['1001', '1001', '1001', '1001'])
  })

  it('belong to the address while the developer is unknown', async () => {
    const { url } = world.server
    const path = '/api/message/send'
    const calls = await Promise.all(
      Array.from({ length: 123 }, () => begin(url, path, { 'content-length': 65_000 })),
    )
    const asks = () => ask(url, path, JSON.stringify({ content: 'x'.repeat(20_000) }))
    await until('all counted', async () => (await asks()).status === 429)
    // A token in front shows whose call it is.
    expect((await ask(url, await sendPath(world.dev), '{}')).retCode).toBe('1001')
    for (const { socket } of calls) socket.destroy()
    await until('all counted back', async () => (await asks()).status === 200)
  })

  it('count from the token in the body on for its developer', async () => {
    const { url } = world.server
    const dev = await world.addDeveloper()
    const { calls } = await occupy(url, dev)
    const answer = await ask(url, '/api/message/send', JSON.stringify({ devToken: await dev.token() }))
    expect(answer.status).toBe(429)
    for (const { socket } of calls) socket.destroy()
  })
})

describe('the structure of a body', () => {
  it.each([
    [
      'elements of a list',
      `{"searchName":"x","more":[${'1,'.repeat(5000)}1]}`,
      '元素（数组的项与对象的成员）超过 5000 个',
    ],
    ['members', `{${Array.from({ length: 5001 }, (_, n) => `"k${n}":0`).join()}}`, '超过 5000 个'],
    ['lists in lists', `{"more":${'['.repeat(32)}${']'.repeat(32)}}`, '嵌套超过 32 层'],
    ['objects in objects', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, '嵌套超过 32 层'],
  ])('%s', async (_what, body, words) => {
    const answer = await ask(world.server.url, `/api/user/search?devToken=${await world.dev.token()}`, body)
    expect([answer.status, answer.retCode]).toEqual([200, '1000'])
    expect(answer.retMessage).toContain(words)
  })

  it.each([
    ['as many as are allowed', `{"searchName":"x","more":[${'1,'.repeat(4997)}[]]}`],
    [
      'brackets and commas in texts',
      JSON.stringify({ searchName: 'x', more: `"[{,\\"${'[{,'.repeat(9000)}` }),
    ],
    ['31 lists in an object', `{"searchName":"x","more":${'['.repeat(31)}${']'.repeat(31)}}`],
  ])('%s', async (_what, body) => {
    const answer = await ask(world.server.url, `/api/user/search?devToken=${await world.dev.token()}`, body)
    expect(refusal(answer)).toBe('0 成功')
  })

  it.each([
    ['long', 'x'.repeat(1000)],
    ['long, with escapes', `${'x'.repeat(200)}\\\\${'x'.repeat(200)}\\"${'x'.repeat(200)}`],
    ['escapes alone', '\\"'.repeat(500)],
    ['a backslash at the end', `${'x'.repeat(63)}\\\\`],
  ])('is counted behind texts: %s', (_what, text) => {
    const body = Buffer.from(`["${text}",[],"${text}",{"${text}":"${text}"}]`)
    expect(JSON.parse(body.toString())).toHaveLength(4)
    expect(() => checkStructure(body, 5)).not.toThrow()
    expect(() => checkStructure(body, 4)).toThrow('超过 4 个')
  })

  it('may be as large as lists are declared to be', async () => {
    const path = `/api/org/addTagUsers?devToken=${await world.dev.token()}`
    const userIdList = Array.from({ length: 6000 }, (_, n) => `nobody${n}`)
    const answer = await ask(world.server.url, path, JSON.stringify({ tagId: 1, userIdList }))
    expect(answer.retMessage).not.toContain('元素')
  })
})
