import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, call, startWorld, type World } from '../../test/harness.ts'
import { endpoints, pushes } from '../app.ts'
import { addApp } from '../apps/apps.ts'
import { scopes } from '../registry/scopes.ts'
import { codes } from './errors.ts'

const known = new Set<string>(['0', ...Object.values(codes).map(one => one.code)])
const runs = 60

let world: World
let dev: Caller
let jessionId: string
beforeAll(async () => {
  world = await startWorld({ overrides: { wecomOptions: { retries: 0, timeoutMs: 2000 } } })
  dev = await world.addDeveloper({ scopes: [...scopes] })
  const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '应用', devId: dev.devId })
  const issued = await dev.post('/api/ticket/issue', { userId: 'zhangsan', appId: id })
  jessionId = issued.body.jessionId
})
afterAll(() => world.close())

/** Any value that a JSON body can hold, and values that tend to break things. */
const strange = () =>
  fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      '__proto__',
      'constructor',
      '\u0000',
      '\ud800',
      "'; drop table member; --",
      '%',
      '\\',
      '"',
    ),
    fc.constantFrom(-1, 0, 1.5, 1e21, 2 ** 31, 2 ** 53, '9223372036854775808', '1e9', 'NaN'),
    fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 20 }),
  )

/** Values that exist, so that fuzzed calls get past the first check. */
const real = () =>
  fc.oneof(
    fc.constantFrom('1', '2', '5', 5, '12', 'zhangsan', 'LISI', '张', 'zs', '0', 'create_user', '01', '03'),
    fc.constant(null).map(() => jessionId),
    fc.constant(null).map(() => world.corpId),
  )

function inputsOf(declared: (typeof endpoints)[number]): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.keys(declared.input).map(name => [name, fc.oneof(real(), strange())] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] })
}

async function expectAnswer(response: Response) {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  if (type.startsWith('image/')) return
  const answer = JSON.parse(text) as Record<string, unknown>
  expect([response.status, text]).not.toEqual([500, text])
  expect(known.has(String(answer['retCode'])), text).toBe(true)
  expect(answer['retCode'], text).not.toBe('9999')
  expect(typeof answer['retMessage']).toBe('string')
  expect(Object.keys(answer)).toEqual(
    answer['retCode'] === '0' ? ['retCode', 'retMessage', 'body'] : ['retCode', 'retMessage'],
  )
  expect(response.headers.get('x-request-id')).toBeTruthy()
}

function queryOf(given: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value])
      query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one))
  }
  return query.toString()
}

describe.each(endpoints.map(declared => [declared.path, declared] as const))('%s', (path, declared) => {
  it('answers whatever it is given', async () => {
    const token = await dev.token()
    await fc.assert(
      fc.asyncProperty(inputsOf(declared), async given => {
        for (const method of declared.methods) {
          const url = `${world.server.url}${path}?devToken=${token}`
          const response =
            method === 'GET'
              ? await fetch(`${url}&${queryOf(given)}`)
              : await fetch(url, {
                  method,
                  headers: { 'content-type': 'application/json' },
                  body: JSON.stringify(given),
                })
          await expectAnswer(response)
        }
      }),
      { numRuns: runs },
    )
  })
})

describe.each(pushes.map(declared => [declared.path, declared] as const))('%s', (path, { bodyAtMost }) => {
  it('refuses rubbish', async () => {
    const names = ['msg_signature', 'signature', 'timestamp', 'nonce', 'echostr']
    const now = () => String(Math.floor(world.ctx.now() / 1000))
    const query = fc.record(
      Object.fromEntries(names.map(name => [name, fc.oneof(fc.constant(null).map(now), real(), strange())])),
      { requiredKeys: [] },
    )
    const tag = fc.constantFrom('<xml>', '</xml>', '<Encrypt>', '</Encrypt>', '<ToUserName>', '</ToUserName>')
    const piece = fc.oneof(tag, fc.constantFrom('<![CDATA[', ']]>', '<!DOCTYPE x>'), fc.string())
    const size = fc.constantFrom(1, 1, 1, bodyAtMost)
    const body = fc.tuple(fc.array(piece), size).map(([pieces, times]) => {
      const text = pieces.join('')
      return text.repeat(Math.min(times, Math.ceil(bodyAtMost / (text.length + 1))))
    })
    await fc.assert(
      fc.asyncProperty(query, body, async (given, text) => {
        const url = `${world.server.url}${path}?${queryOf(given)}`
        for (const response of [await fetch(url), await fetch(url, { method: 'POST', body: text })]) {
          expect(response.status).toBeGreaterThanOrEqual(400)
          expect(response.status, await response.text()).toBeLessThan(500)
        }
      }),
      { numRuns: runs },
    )
  })
})

it('any bytes as a body are answered', async () => {
  const token = await dev.token()
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async bytes => {
      const response = await fetch(`${world.server.url}/api/user/search?devToken=${token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Uint8Array.from(bytes),
      })
      await expectAnswer(response)
    }),
    { numRuns: runs },
  )
})

it('any query string is answered', async () => {
  const token = await dev.token()
  const piece = fc.constantFrom('%', '=', '&', '+', 'orgId', '[]', 'é', '%e4%', '%00', ';', '1', '#', '?')
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async pieces => {
      await expectAnswer(await fetch(`${world.server.url}/api/org/list?devToken=${token}&${pieces.join('')}`))
    }),
    { numRuns: runs },
  )
})

it('leaves the address book as it is', async () => {
  expect((await call(`${world.server.url}/api/org/tagList?devToken=${await dev.token()}`)).retCode).toBe('0')
  const state = await world.control('state')
  expect(world.ctx.mirrors.of(world.corpId).members.size).toBe((state['members'] as unknown[]).length)
})
