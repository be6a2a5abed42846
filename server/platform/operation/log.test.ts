import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { DatabaseAway } from '../storage/availability.ts'
import { createLog, describeError } from './log.ts'

const lines: string[] = []
let world: World
beforeAll(async () => {
  world = await startWorld({
    members: 20,
    departments: 4,
    overrides: { log: createLog('debug', { write: (line: string) => lines.push(line) }) },
  })
})
afterAll(() => world.close())

it('values under secret names are never written', () => {
  const log = createLog('info', { write: (line: string) => lines.push(line) })
  log.info(
    { devToken: 'secret-1', given: { jessionId: 'secret-2', mobile: 'secret-3' }, password: 'secret-4' },
    'x',
  )
  const line = lines.at(-1) ?? ''
  expect(line).not.toMatch(/secret-\d/)
  expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: 'x', devToken: '[secret]' })
  expect(describeError(new Error('kind')).error).toBe('Error: kind')
  expect(describeError('text')).toEqual({ error: 'text' })
})

it('an absent database makes one line a minute, whatever asks it', () => {
  const written: string[] = []
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const log = createLog('info', { write: (line: string) => written.push(line) })
    const away = describeError(new DatabaseAway('connect ECONNREFUSED'))
    for (const who of ['queue', 'limits', 'pool']) log.error(away, `${who} failed`)
    log.error(describeError(new Error('another fault')), 'not kept back')
    expect(written.map(line => JSON.parse(line).msg)).toEqual(['queue failed', 'not kept back'])
    vi.advanceTimersByTime(60_000)
    log.error(away, 'limits failed')
    expect(written).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})

it('calls are logged with their request id, and nothing that the caller sent', async () => {
  lines.length = 0
  const { devId, devSecret } = world.dev
  const token = await world.dev.token()
  await world.dev.get('/api/user/getInfo', { jessionId: 'a-jession-id' })
  await world.dev.post('/api/user/search', { searchName: '13811112222' })
  await call(`${world.server.url}/api/token/getDevToken?devId=${devId}&devSecret=a-wrong-secret`)
  await call(`${world.server.url}/api/org/tagList`, { headers: { authorization: `Bearer ${token}` } })
  await call(`${world.server.url}/api/nothing?devToken=${token}`)
  const answer = await world.dev.post('/api/user/search', '{"searchName":"broken-json')
  // The line is written only after the answer has been sent.
  const hasLast = () => lines.some(line => line.includes(answer.headers.get('x-request-id') ?? '-'))
  await until('the last line', hasLast)
  const text = lines.join('')
  for (const secret of [token, devSecret, 'a-jession-id', '13811112222', 'a-wrong-secret', 'broken-json'])
    expect(text).not.toContain(secret)
  const logged = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  expect(logged.filter(line => line['msg'] === 'call').length).toBeGreaterThanOrEqual(6)
  expect(logged.find(line => line['path'] === '/api/user/search')).toMatchObject({
    method: 'POST',
    status: 200,
  })
})

it('a caller who hangs up is no error', async () => {
  lines.length = 0
  const { hostname, port } = new URL(world.server.url)
  const hangUp = async (head: string) => {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.write(head)
    socket.end()
    socket.resume()
    await once(socket, 'close')
  }
  await hangUp(
    'POST /api/user/search HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"a"',
  )
  await hangUp('GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n')
  const last = await world.dev.post('/api/user/search', { searchName: 'x' })
  await vi.waitUntil(() => lines.some(line => line.includes(last.headers.get('x-request-id') ?? '-')))
  expect(lines.filter(line => JSON.parse(line).level === 'error')).toEqual([])
})
