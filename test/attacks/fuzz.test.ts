import { request } from 'node:http'
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireSecondFactor } from '../../server/callers/sign-in/factor/second-factor.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import type { Account } from '../../server/features/official/accounts/accounts.ts'
import { grantAccount } from '../../server/features/official/accounts/bind.ts'
import { openidsOf } from '../../server/features/official/templates/link.fixture.ts'
import { adminCalls, endpoints, pageCalls, pushes } from '../../server/features.ts'
import { codes } from '../../server/platform/http/errors.ts'
import type { Fields } from '../../server/platform/http/input.ts'
import { scopes } from '../../server/platform/http/scope.ts'
import { managerBy } from '../admin-token.ts'
import { exampleOf } from '../example-of.ts'
import { type Caller, call, startWorld, type World } from '../harness.ts'
import { type SignedInClient, signInAs } from '../sign-in.ts'
import { seed, soak } from '../soak.ts'

/**
 * Throws rubbish at every call of the API and of the pages: none may answer 9999 or 5xx, and each must answer in the
 * envelope.
 */
const runs = soak(25, 2000)
let inputs = 0

const known = new Set<string>(['0', ...Object.values(codes).map(one => one.code)])

let world: World
let dev: Caller
let jessionId: string
let account: Account
let openid: string
let system: SignedInClient
let graded: SignedInClient
beforeAll(async () => {
  world = await startWorld({ overrides: { wecomOptions: { retries: 0, timeoutMs: 500 } } })
  dev = await world.addDeveloper({ scopes: [...scopes] })
  const { id } = await addApp(world.ctx, 'test', world.corpId, { name: '应用', devId: dev.devId })
  const issued = await dev.post('/api/ticket/issue', { userId: 'zhangsan', appId: id })
  jessionId = issued.body.jessionId
  account = await world.bindOfficial()
  openid = (await openidsOf(world, account, 1))[0] ?? ''
  system = await signInAs(world, 'system')
  graded = await signInAs(world, 'graded', 'lisi', [{ departmentId: 3, manage: true }])
  await grantAccount(world.ctx, 'test', world.corpId, account.originalId, ['lisi'])
})
afterAll(async () => {
  await world.close()
  console.log(`fuzz: ${inputs} inputs, seed ${seed}`)
})

const deep = (levels: number) => JSON.parse(`${'[1,'.repeat(levels)}0${']'.repeat(levels)}`) as unknown

/** Any value that a JSON body can hold, and values that tend to break things. */
const strange = () =>
  fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      ...['__proto__', 'constructor', '\u0000', '\ud800', "'; drop table member; --", '%', '\\', '"'],
      ...['275760-09-13T00:00:00Z', '-271821-04-20', '0000-00-00', '99999-01-01', '2026-02-30T25:61:61Z'],
      ...['../../../package.json', 'javascript:alert(1)', 'http://169.254.169.254/', '//evil.example'],
    ),
    fc.constantFrom(-1, 0, 1.5, 1e21, 2 ** 31, 2 ** 53, '9223372036854775808', '1e9', 'NaN'),
    fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 20 }),
    fc.constantFrom(50, 5000).map(deep),
  )

/** Values that exist, so that fuzzed calls get past the first check. */
const real = () =>
  fc.oneof(
    fc.constantFrom('1', '2', '5', 5, '12', 'zhangsan', 'LISI', '张', 'zs', '0', 'create_user', '01', '03'),
    fc.constant(null).map(() => jessionId),
    fc.constant(null).map(() => world.corpId),
    fc.constant(null).map(() => openid),
  )

/** A value of the declared shape, of which any part may be replaced. */
function shaped(schema: TSchema): fc.Arbitrary<unknown> {
  const made = exampleOf(schema)
  return fc.tuple(fc.integer({ min: 0, max: 20 }), strange()).map(([at, value]) => {
    let left = at
    const replaced = (one: unknown): unknown => {
      if (left-- === 0) return value
      if (Array.isArray(one)) return one.map(replaced)
      if (typeof one !== 'object' || one === null) return one
      return Object.fromEntries(Object.entries(one).map(([key, inside]) => [key, replaced(inside)]))
    }
    return replaced(made)
  })
}

/** Without an account there is nothing to look at in a call that names one. */
const mostly = (usual: () => string, any: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(null).map(usual) }, { weight: 1, arbitrary: any })

function inputsOf(fields: Fields): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields).map(([name, field]) => {
    const any = fc.oneof(real(), strange(), shaped(field.schema))
    return [name, name === 'originalId' ? mostly(() => account.originalId, any) : any] as const
  })
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] })
}

async function expectAnswer(response: Response) {
  inputs++
  // An event stream has begun, and would go on.
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response.body?.cancel()
  const text = await response.text()
  expect([response.status < 500, text]).toEqual([true, text])
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) return
  const answer = JSON.parse(text) as Record<string, unknown>
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

/** Fetch takes no lone surrogate in an address, and Node no header of more than 16 kB. */
const wellFormed = (query: string) => query.toWellFormed().slice(0, 8000)

function ask(url: string, method: string, given: Record<string, unknown>, headers: Record<string, string>) {
  if (method === 'GET') return fetch(`${url}${wellFormed(queryOf(given))}`, { headers, redirect: 'manual' })
  return fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(given),
    redirect: 'manual',
  })
}

const settings = { seed, numRuns: runs }

describe.each(endpoints.map(declared => [declared.path, declared] as const))('%s', (path, declared) => {
  it('answers whatever it is given', async () => {
    const token = await dev.token()
    await fc.assert(
      fc.asyncProperty(inputsOf(declared.input), async given => {
        for (const method of declared.methods)
          await expectAnswer(await ask(`${world.server.url}${path}?devToken=${token}&`, method, given, {}))
      }),
      settings,
    )
  })
})

describe.each(adminCalls.map(declared => [declared.path, declared] as const))('%s', (path, declared) => {
  it('answers whatever it is given', async () => {
    // One for each, because a token makes so many calls a minute.
    const { token } = await managerBy(world)
    const headers = { authorization: `Bearer ${token}` }
    await fc.assert(
      fc.asyncProperty(inputsOf(declared.input), async given => {
        await expectAnswer(await ask(`${world.server.url}${path}?`, declared.method, given, headers))
      }),
      settings,
    )
  })
})

/** What would take away what everything else is tried on, or wait for news that never come. */
const spared: Record<string, string> = {
  '/web/corp-lifecycle/delete': 'confirm',
  '/web/corp-lifecycle/suspend': 'reason',
  '/web/official/account/enable': 'enabled',
  '/web/official/conversations/revision': 'known',
  '/web/portal/unread': 'known',
}

describe.each(pageCalls.map(declared => [declared.path, declared] as const))('%s', (path, declared) => {
  it('answers whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(inputsOf(declared.input), fc.boolean(), async (all, isGraded) => {
        const { [spared[path] ?? '']: _spared, ...given } = all
        const as = isGraded ? graded : system
        const headers = { cookie: as.cookie, 'x-wisp-csrf': as.csrf }
        await expectAnswer(await ask(`${world.server.url}${path}?`, declared.method, given, headers))
      }),
      settings,
    )
    // A call that ended the session would leave nothing to try for those after it.
    const session = await system.get('/web/session')
    if (session.body?.mustEnrol) await requireSecondFactor(world.ctx, 'test', false)
    if (session.body?.signedIn !== true) system = await signInAs(world, 'system')
    if ((await graded.get('/web/session')).body?.signedIn !== true)
      graded = await signInAs(world, 'member', 'lisi')
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
        const url = `${world.server.url}${path}?${wellFormed(queryOf(given))}`
        for (const response of [await fetch(url), await fetch(url, { method: 'POST', body: text })]) {
          inputs++
          expect(response.status).toBeGreaterThanOrEqual(400)
          expect(response.status, await response.text()).toBeLessThan(500)
        }
      }),
      settings,
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
    settings,
  )
})

it('any query string is answered', async () => {
  const token = await dev.token()
  const piece = fc.constantFrom('%', '=', '&', '+', 'orgId', '[]', 'é', '%e4%', '%00', ';', '1', '#', '?')
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async pieces => {
      await expectAnswer(await fetch(`${world.server.url}/api/org/list?devToken=${token}&${pieces.join('')}`))
    }),
    settings,
  )
})

/** Fetch would tidy the path up before it asks. */
function askPath(path: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(world.server.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, response => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', part => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
      .on('error', reject)
      .end()
  })
}

it.each([
  '/docs/../../package.json',
  '/docs/..%2f..%2fpackage.json',
  '/docs/%2e%2e/%2e%2e/package.json',
  '/docs/nothing.js',
  '/assets/../../../package.json',
  '/assets/%00',
  '/sdk/../package.json',
  '/portal/../../package.json',
  '//evil.example/',
  '/%',
])('%s is answered with 404, or with a page', async path => {
  const { status, text } = await askPath(path)
  expect([200, 404], text).toContain(status)
  expect(text).not.toContain('"dependencies"')
})

it.each(['/web/apps/add', '/web/apps/save', '/web/apps/menu/save'])(
  '%s refuses JSON that is 10,000 deep',
  async path => {
    const body = `{"content":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
    const answer = await system.post(path, body)
    expect([answer.retCode, answer.retMessage]).toEqual([
      '1000',
      '参数错误: 请求体的嵌套超过 32 层，请减少层数',
    ])
  },
)

it('leaves the address book as it is', async () => {
  expect((await call(`${world.server.url}/api/org/tagList?devToken=${await dev.token()}`)).retCode).toBe('0')
  const state = await world.control('state')
  expect(world.ctx.mirrors.of(world.corpId).members.size).toBe((state['members'] as unknown[]).length)
})
