import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { until } from '../../../test/until.ts'
import { createTokenSource, memoryTokenStore } from '../transport/token-source.ts'
import { createWecomClient } from './client.ts'
import { WecomUnavailable } from './errors.ts'
import { fetchToken } from './token.ts'
import {
  client,
  failureOf,
  halfAnswer,
  hangUp,
  listen,
  newPool,
  numberedTokens,
  ok,
  raw,
  SECRET,
  type Step,
  silence,
  status,
  tags,
  upstream,
} from './upstream.fixture.ts'

/** Time for whatever answers, however busy the machine; who waits for no answer gives up soon, but not before the call is there. */
const patience = (step: Step) => (step === silence ? { timeoutMs: 300 } : {})

describe('tokens', () => {
  test.each([40014, 42001, 40001])('%i asks for a newer token and repeats once', async errcode => {
    const { baseUrl, seen } = await upstream({ errcode, errmsg: 'bad token' }, tags)
    const { wecom, tokens, slept } = client(baseUrl)
    await wecom.tagList()
    expect(tokens.renewed).toEqual(['token-1'])
    expect(seen.map(s => s.query['access_token'])).toEqual(['token-1', 'token-2'])
    expect(slept).toEqual([])
  })

  test('a write is repeated with the newer token too', async () => {
    const { baseUrl, seen } = await upstream({ errcode: 42001, errmsg: 'expired' }, ok)
    await client(baseUrl).wecom.addTagUsers(1, ['a'], [])
    expect(seen).toHaveLength(2)
  })

  test('a second refusal ends it', async () => {
    const { baseUrl, seen } = await upstream({ errcode: 40014, errmsg: 'bad token' })
    expect(await failureOf(client(baseUrl).wecom.tagList())).toMatchObject({ errcode: 40014, kind: 'token' })
    expect(seen).toHaveLength(2)
  })

  test('with the real token source: revoked in the middle of parallel calls, one refetch', async () => {
    let good = 'A'
    let fetched = 0
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://x')
      if (url.pathname.endsWith('/gettoken')) {
        fetched++
        response.end(JSON.stringify({ ...ok, access_token: good, expires_in: 7200 }))
        return
      }
      const dead = { errcode: 40014, errmsg: 'invalid access_token' }
      response.end(JSON.stringify(url.searchParams.get('access_token') === good ? tags : dead))
    })
    const baseUrl = `http://127.0.0.1:${await listen(server)}`
    const pool = newPool()
    const tokens = createTokenSource({
      store: memoryTokenStore(),
      fetchToken: () => fetchToken({ pool, baseUrl, corpId: 'ww1', secret: SECRET }),
      now: Date.now,
    })
    const { wecom } = client(baseUrl, { pool, tokens })
    await Promise.all(Array.from({ length: 50 }, () => wecom.tagList()))
    expect(fetched).toBe(1)
    good = 'B'
    await Promise.all(Array.from({ length: 50 }, () => wecom.tagList()))
    expect(fetched).toBe(2)
  })

  test('a busy gettoken is tried again, even for a write, and 40001 from it is not a dead token', async () => {
    const { baseUrl, seen } = await upstream(
      { errcode: -1, errmsg: 'system busy' },
      status(503),
      { ...ok, access_token: 'A', expires_in: 7200 },
      ok,
    )
    const pool = newPool()
    const source = (url: string) =>
      createTokenSource({
        store: memoryTokenStore(),
        fetchToken: () => fetchToken({ pool, baseUrl: url, corpId: 'ww1', secret: SECRET }),
        now: Date.now,
      })
    await client(baseUrl, { pool, tokens: source(baseUrl) }).wecom.addTagUsers(1, ['a'], [])
    expect(seen.map(s => s.path.split('/').pop())).toEqual([
      'gettoken',
      'gettoken',
      'gettoken',
      'addtagusers',
    ])
    const wrong = await upstream({ errcode: 40001, errmsg: `invalid credential ${SECRET}` })
    const error = await failureOf(
      client(wrong.baseUrl, { pool, tokens: source(wrong.baseUrl) }).wecom.tagList(),
    )
    expect(error).toMatchObject({ errcode: 40001, path: '/cgi-bin/gettoken', kind: 'config' })
    expect(String(error)).not.toContain(SECRET)
    expect(wrong.seen).toHaveLength(1)
  })
})

test.each(['text/html', 'text/plain;charset=utf-8', 'image/jpeg', ''])(
  'JSON that is called "%s" is read',
  async type => {
    const { baseUrl, seen } = await upstream(raw(`  ${JSON.stringify(tags)}`, type))
    expect(await client(baseUrl).wecom.tagList()).toMatchObject(tags)
    expect(seen).toHaveLength(1)
  },
)

test.each([
  ['', SECRET, 41002],
  ['ww1', '', 41004],
])('gettoken is not asked with corpid "%s" and secret "%s"', async (corpId, secret, errcode) => {
  const { baseUrl, seen } = await upstream({ ...ok, access_token: 'A', expires_in: 7200 })
  const asked = fetchToken({ pool: newPool(), baseUrl, corpId, secret })
  expect(await failureOf(asked)).toMatchObject({ errcode, kind: 'config' })
  expect(seen).toEqual([])
})

describe('reads are repeated', () => {
  const passing: [string, Step][] = [
    ['-1', { errcode: -1, errmsg: 'system busy' }],
    ['45009', { errcode: 45009, errmsg: 'api freq out of limit' }],
    ['45033', { errcode: 45033, errmsg: 'api concurrent out of limit' }],
    ['HTTP 500', status(500)],
    ['HTTP 502', status(502, '<html>bad gateway</html>')],
    ['HTTP 503', status(503)],
    ['HTTP 504', status(504)],
    ['HTTP 429', status(429)],
    ['HTML', raw('<html><body>hello</body></html>', 'text/html')],
    ['HTML called JSON', raw('\n<!doctype html>')],
    ['truncated JSON', raw('{"errcode":0,"taglist":[{"tagid"')],
    ['an empty answer', raw('')],
    ['a JSON array', raw('[]')],
    ['a closed connection', hangUp],
    ['half an answer', halfAnswer],
    ['no answer in time', silence],
  ]
  test.each(passing)('%s', async (_name, step) => {
    const { baseUrl, seen } = await upstream(step, step, tags)
    const { wecom, slept } = client(baseUrl, patience(step))
    expect((await wecom.tagList()).taglist).toEqual(tags.taglist)
    expect(seen).toHaveLength(3)
    expect(slept).toHaveLength(2)
    expect(slept[0]).toBeGreaterThanOrEqual(100)
    expect(slept[0]).toBeLessThanOrEqual(200)
    expect(slept[1]).toBeGreaterThanOrEqual(200)
    expect(slept[1]).toBeLessThanOrEqual(400)
  })

  test.each([
    ['HTTP 500', status(500), { reason: 'http', status: 500, ambiguous: true }],
    ['HTML', raw('<html>', 'text/html'), { reason: 'html', status: 200, ambiguous: true }],
    ['truncated', raw('{'), { reason: 'json', status: 200, ambiguous: true }],
    ['closed', hangUp, { reason: 'network', ambiguous: true }],
    ['slow', silence, { reason: 'timeout', ambiguous: true }],
    ['busy', { errcode: -1, errmsg: 'system busy' }, { errcode: -1, kind: 'busy' }],
    ['limit', { errcode: 45009, errmsg: 'limit' }, { errcode: 45009, kind: 'limit' }],
  ] as [string, Step, object][])('until the retries are used up: %s', async (_name, step, expected) => {
    const { baseUrl, seen } = await upstream(step)
    const { wecom, calls } = client(baseUrl, { ...patience(step), retries: 2 })
    expect(await failureOf(wecom.tagList())).toMatchObject({ path: '/cgi-bin/tag/list', ...expected })
    expect(seen).toHaveLength(3)
    expect(calls).toHaveLength(3)
  })

  test('limits have a budget of their own', async () => {
    const limit = { errcode: 45009, errmsg: 'limit' }
    const { baseUrl, seen } = await upstream(...Array.from({ length: 10 }, () => limit), tags)
    const { wecom, slept } = client(baseUrl, { retries: 0, limitRetries: 12 })
    await wecom.tagList()
    expect(seen).toHaveLength(11)
    expect(Math.max(...slept)).toBeGreaterThan(15_000)
    expect(Math.max(...slept)).toBeLessThanOrEqual(30_000)
  })

  test.each([
    ['a refusal', { errcode: 60011, errmsg: 'no privilege' }, { errcode: 60011, kind: 'forbidden' }],
    ['HTTP 404', status(404), { reason: 'http', status: 404, ambiguous: false }],
    ['a redirect', status(302), { reason: 'http', status: 302 }],
  ] as [string, Step, object][])('but not after %s', async (_name, step, expected) => {
    const { baseUrl, seen } = await upstream(step)
    expect(await failureOf(client(baseUrl).wecom.tagList())).toMatchObject(expected)
    expect(seen).toHaveLength(1)
  })

  test('nor after an answer over 64 MB', async () => {
    const { baseUrl, seen } = await upstream((_: IncomingMessage, response: ServerResponse) => {
      const chunk = Buffer.alloc(1024 * 1024, 32)
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pump)
      }
      pump()
    })
    expect(await failureOf(client(baseUrl).wecom.tagList())).toMatchObject({ reason: 'size' })
    expect(seen).toHaveLength(1)
  })
})

describe('writes are repeated only when nothing happened', () => {
  test.each([-1, 45009, 45033])('%i', async errcode => {
    const { baseUrl, seen } = await upstream({ errcode, errmsg: 'later' }, ok)
    await client(baseUrl).wecom.addTagUsers(1, ['a'], [])
    expect(seen).toHaveLength(2)
  })

  test.each([
    ['HTTP 500', status(500), true],
    ['HTTP 429', status(429), false],
    ['HTML', raw('<html>', 'text/html'), true],
    ['truncated JSON', raw('{"errcode":0'), true],
    ['JSON without errcode', raw('{}'), true],
    ['a closed connection', hangUp, true],
    ['no answer in time', silence, true],
  ] as [string, Step, boolean][])('not after %s', async (_name, step, ambiguous) => {
    const { baseUrl, seen } = await upstream(step)
    const error = await failureOf(client(baseUrl, patience(step)).wecom.delTagUsers(1, ['a'], []))
    expect(error).toBeInstanceOf(WecomUnavailable)
    expect(error).toMatchObject({ ambiguous })
    expect(seen).toHaveLength(1)
  })

  test('a refused connection never left, so it is tried again', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()
    await once(server, 'close')
    const { wecom, slept } = client(`http://127.0.0.1:${port}`, { retries: 3 })
    expect(await failureOf(wecom.addTagUsers(1, ['a'], []))).toMatchObject({
      reason: 'network',
      ambiguous: false,
    })
    expect(slept).toHaveLength(3)
  })

  test('nor did what still waited for a connection when its time was up', async () => {
    const held = Promise.withResolvers<ServerResponse>()
    const { baseUrl, seen } = await upstream((_, response) => held.resolve(response))
    const pool = newPool({ connections: 1 })
    const first = client(baseUrl, { pool }).wecom.addTagUsers(1, ['a'], [])
    const response = await held.promise
    const { wecom } = client(baseUrl, { pool, timeoutMs: 100, retries: 0 })
    expect(await failureOf(wecom.addTagUsers(2, ['a'], []))).toMatchObject({
      reason: 'timeout',
      ambiguous: false,
    })
    response.end(JSON.stringify(ok))
    await first
    expect(seen).toHaveLength(1)
  })
})

describe('one corp', () => {
  test('its clients share the concurrency, another corp has its own', async () => {
    let running = 0
    let most = 0
    const { baseUrl } = await upstream((_: IncomingMessage, response: ServerResponse) => {
      most = Math.max(most, ++running)
      setTimeout(() => {
        running--
        response.end(JSON.stringify(tags))
      }, 10)
    })
    const pool = newPool()
    const a = client(baseUrl, { pool, concurrency: 3 }).wecom
    const b = client(baseUrl, { pool, concurrency: 3 }).wecom
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? a : b).tagList()))
    expect(most).toBe(3)
    const c = client(baseUrl, { pool, corpId: 'ww2', concurrency: 2 }).wecom
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? a : c).tagList()))
    expect(most).toBe(5)
  })

  test('45009 holds all its calls, slows it down, and it recovers', async () => {
    const { baseUrl, seen } = await upstream({ errcode: 45009, errmsg: 'limit' }, tags)
    const pool = newPool()
    let release: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const a = client(baseUrl, { pool, concurrency: 8, sleep: () => held }).wecom
    const b = client(baseUrl, { pool }).wecom
    const first = a.tagList()
    const throttle = pool.throttle(baseUrl, 'ww1')
    await until('slower', () => throttle.consecutiveSlowdowns > 0)
    expect(throttle.concurrency).toBe(4)
    const second = b.tagList()
    // Another corp is not held: when its call has passed, the second one would have, too.
    await client(baseUrl, { pool, corpId: 'ww2' }).wecom.tagList()
    expect(seen).toHaveLength(2)
    release()
    await Promise.all([first, second])
    expect(seen).toHaveLength(4)
    for (let i = 0; i < 40; i++) await b.tagList()
    expect(throttle.concurrency).toBe(8)
  })
})

describe('abort', () => {
  test('ends a running call, a wait and a queued call with the reason of the signal', async () => {
    const held = await upstream(silence)
    const stop = new AbortController()
    const pool = newPool()
    const { wecom } = client(held.baseUrl, { pool, signal: stop.signal, concurrency: 1 })
    const running = failureOf(wecom.tagList())
    const queued = failureOf(wecom.tagList())
    const busy = await upstream({ errcode: -1, errmsg: 'busy' })
    let answered = false
    const waiting = failureOf(
      createWecomClient({
        onCall: () => {
          answered = true
        },
        baseUrl: busy.baseUrl,
        corpId: 'ww1',
        secret: SECRET,
        tokens: numberedTokens(),
        pool,
        signal: stop.signal,
        retries: 20,
      }).tagList(),
    )
    await until('two calls', () => held.seen.length === 1 && answered)
    const reason = new Error('stopping')
    stop.abort(reason)
    expect(await Promise.all([running, queued, waiting])).toEqual([reason, reason, reason])
    expect(await failureOf(wecom.tagList())).toBe(reason)
  })
})

describe('an outgoing proxy', () => {
  test('carries the calls', async () => {
    const { baseUrl, seen } = await upstream(tags)
    const asked: string[] = []
    const proxy = createServer((incoming, response) => {
      const url = new URL(incoming.url ?? '')
      asked.push(url.host)
      request(url, { method: incoming.method ?? 'GET' }, answer => {
        response.writeHead(answer.statusCode ?? 500)
        answer.pipe(response)
      }).end()
    })
    const pool = newPool({ proxyUrl: `http://127.0.0.1:${await listen(proxy)}` })
    await client(baseUrl, { pool, retries: 0 }).wecom.tagList()
    expect(seen).toHaveLength(1)
    expect(asked).toEqual([new URL(baseUrl).host])
  })

  test('that refuses a tunnel is named, and nothing was sent', async () => {
    const asked: string[] = []
    const proxy = createServer()
    proxy.on('connect', (incoming, socket) => {
      asked.push(incoming.url ?? '')
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    })
    const pool = newPool({ proxyUrl: `http://127.0.0.1:${await listen(proxy)}` })
    const { wecom } = client('https://wecom.invalid', { pool, retries: 0 })
    const error = await failureOf(wecom.addTagUsers(1, ['a'], []))
    expect(error).toMatchObject({ reason: 'network', ambiguous: false })
    expect((error as Error).message).toContain('PROXY_REFUSED_407')
    expect(asked).toEqual(['wecom.invalid:443'])
  })
})
