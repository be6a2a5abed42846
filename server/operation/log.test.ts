import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../test/harness.ts'
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
  while (!hasLast()) await new Promise(resolve => setTimeout(resolve, 5))
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
