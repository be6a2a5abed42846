import { Compile } from 'typebox/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { register, sessionWish } from '../../server/callers/packets/client.fixture.ts'
import { documentedCalls } from '../../server/features.ts'
import { plainDocument } from '../../server/platform/http/openapi.ts'
import { checkBody } from '../../server/platform/http/shape.fixture.ts'
import { type Call, callsOf, type OpenApi } from '../../web/docs/build/reference/calls.ts'
import { askOf, fillInput, freshSamples, type Samples } from '../../web/docs/shared/ask.ts'
import type { Caller, World } from '../harness.ts'
import { startTrialWorld } from './trial-world.fixture.ts'

const document = plainDocument(documentedCalls, '') as unknown as OpenApi
/** What takes an admin token cannot be tried from the site; test/admin-calls.test.ts calls it. */
const calls = callsOf(document).filter(call => call.adminScope === '')

let world: World
let dev: Caller
let samples: Samples
beforeAll(async () => {
  ;({ world, dev } = await startTrialWorld())
  // One is deleted in between, and the calls after that need another.
  const kept = await dev.post('/api/webhook/create', { url: 'https://app.example.com/events' })
  expect(kept.retCode).toBe('0')
})
afterAll(() => world.close())

/** Sends what the page of the call would send, as it would. */
async function tryCall(call: Call, by: Caller, values: Samples) {
  const { method, url, body, file, needsToken } = askOf(
    call,
    fillInput(call.sampleInput, values),
    world.server.url,
  )
  const form = new FormData()
  if (file) form.append(file.input, new Blob([file.text]), file.name)
  const response = await fetch(url, {
    method,
    headers: {
      ...(needsToken ? { authorization: `Bearer ${await by.token()}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(file ? { body: form } : {}),
  })
  // A stream of events has no end.
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body?.cancel()
    return { code: '0', message: '' }
  }
  const isFile = !response.headers.get('content-type')?.startsWith('application/json')
  if (isFile) return { code: '0', message: '' }
  const answer = (await response.json()) as { retCode: string; retMessage?: string; body?: unknown }
  if (answer.retCode === '0') checkAgainst(call, answer)
  return { code: answer.retCode, message: answer.retMessage ?? '' }
}

/** What is in the document is what is answered, to the field. */
function checkAgainst({ path, method }: Call, answer: { body?: unknown }): void {
  checkBody(path, answer.body)
  const operation = document.paths[path]?.[method.toLowerCase()]
  const schema = operation?.responses['200']?.content['application/json']?.schema
  const [isRight, errors] = Compile(schema as object).Errors(answer)
  expect(isRight ? [] : errors, path).toEqual([])
}

/** Only who has the master key of a device can prove it, so the page shows what a proof looks like. */
async function provedValues(by: Caller): Promise<Samples> {
  const device = await register(by, 'phone-1')
  const { timestamp, nonce, proof } = sessionWish(device, 'gcm')
  return { now: timestamp, nonce, proof }
}

async function samplesOf(by: Caller): Promise<Samples> {
  const { retCode, body } = await by.get('/api/developer/self')
  expect(retCode).toBe('0')
  const { devId, devSecret } = by
  return { ...freshSamples(), ...body.samples, devId, devSecret }
}

describe('with what the site fills in', () => {
  // Each may need what one before it made: a message before its status, a bill before it is closed.
  it.each(calls.map(call => [call.path, call] as const))('%s can be tried', async (path, call) => {
    samples = await samplesOf(dev)
    const proved = path === '/api/security/session' ? await provedValues(dev) : {}
    const { code, message } = await tryCall(call, dev, { ...samples, ...proved })
    expect(code, message).toBe('0')
  })

  it('knows a value for everything that a call may need', () => {
    const needed = calls.flatMap(call =>
      [...JSON.stringify(call.sampleInput).matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? ''),
    )
    expect([...new Set(needed)].filter(name => samples[name] === undefined)).toEqual([])
  })

  it('writes a refused call’s page into its Link header', async () => {
    const answer = await dev.get('/api/user/get', { userId: 'nobody-here' })
    expect(answer.headers.get('link')).toBe(`<${world.server.url}/docs/errors/1007>; rel="help"`)
    const headers = { 'accept-language': 'en' }
    const english = await fetch(`${world.server.url}/api/none`, { headers })
    expect(english.headers.get('link')).toBe(`<${world.server.url}/docs/en/errors/1000>; rel="help"`)
  })
})

describe('a developer who sees a part of the corp', () => {
  const tried = async (dataScope: { departments: number[]; tags: number[] }, ...paths: string[]) => {
    const scoped = await world.addDeveloper({ dataScope })
    const values = await samplesOf(scoped)
    const found = paths.map(path => calls.find(call => call.path === path)!)
    return Promise.all(found.map(async call => (await tryCall(call, scoped, values)).code))
  }

  it('gets values of that part, whichever department or tag it is', async () => {
    const { tree, members, tags } = world.ctx.mirrors.of(world.corpId)
    for (const { department, index, end } of tree.order) {
      const scope = { departments: [department.id], tags: [] }
      const paths = ['/api/org/list', '/api/org/higherList', '/api/user/orgUserList']
      expect(await tried(scope, ...paths), department.name).toEqual(['0', '0', '0'])
      const isPeopled = tree.order.slice(index, end).some(one => members.direct(one.department.id).length > 0)
      if (isPeopled) expect(await tried(scope, '/api/user/get'), department.name).toEqual(['0'])
    }
    for (const id of tags.keys())
      expect(await tried({ departments: [], tags: [id] }, '/api/user/get', '/api/org/tagUserList')).toEqual([
        '0',
        '0',
      ])
  })

  it('gets none of what it may not read', async () => {
    const blind = await world.addDeveloper({ scopes: ['message:send'] })
    expect(Object.keys((await blind.get('/api/developer/self')).body.samples)).toEqual(['corpId'])
  })
})
