import { createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { Writable } from 'node:stream'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import type { Core } from '../core.ts'
import { createLog } from '../operation/log.ts'
import { checkTimestamp, PushRefused, registerPushes, upstreamPush } from './upstream-push.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const steps: string[] = []

/**
 * Signed as WeChat Pay signs its notifications (docs/upstream/wechat-pay-notifications.md#verification), with a body limit that a
 * test can exceed.
 */
const notification = upstreamPush({
  path: '/notify',
  section: 'wisp',
  bodyAtMost: 1000,
  check(ctx: Core, { headers }) {
    steps.push('check')
    const read = (name: string) => {
      const value = headers[`wechatpay-${name}`]
      if (typeof value !== 'string' || value === '') throw new PushRefused(401, `${name} is missing`)
      return value
    }
    const signed = { timestamp: read('timestamp'), nonce: read('nonce'), signature: read('signature') }
    checkTimestamp(ctx, signed.timestamp)
    if (headers['content-type'] !== 'application/json') throw new PushRefused(415, 'not JSON')
    return signed
  },
  verify(_ctx: Core, { timestamp, nonce, signature }, body) {
    steps.push('verify')
    const verifier = createVerify('sha256').update(`${timestamp}\n${nonce}\n`).update(body).update('\n')
    if (!verifier.verify(publicKey, signature, 'base64')) throw new PushRefused(401, 'the signature is wrong')
    return JSON.parse(body.toString()) as { id: string }
  },
  owner: () => ({ corpId: 'wwcorp', stream: 'pay', account: '1900000001' }),
  async handle(_ctx: Core, { id }) {
    steps.push(`handle ${id}`)
    if (id === 'poison') throw new Error('a secret of the database')
    return { status: 204, body: '' }
  },
  refusal: message => ({ type: 'application/json', body: JSON.stringify({ code: 'FAIL', message }) }),
})

describe('a push of an upstream', () => {
  let world: World
  let app: FastifyInstance
  let url: string
  const lines: string[] = []
  beforeAll(async () => {
    const collect = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    world = await startWorld({ synced: false, overrides: { log: createLog('info', collect) } })
    app = fastify()
    registerPushes(app, world.ctx, [notification])
    url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/notify`
  })
  afterAll(async () => {
    await app.close()
    await world.close()
  })
  beforeEach(() => {
    steps.length = 0
    lines.length = 0
  })

  type PushOverrides = { body?: string; headers?: Record<string, string>; signed?: string }
  async function notify({ body = '{"id":"EV-1"}', headers = {}, signed = body }: PushOverrides = {}) {
    const timestamp = String(Math.floor(world.ctx.now() / 1000))
    const signer = createSign('sha256').update(`${timestamp}\nn\n${signed}\n`)
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'wechatpay-timestamp': timestamp,
        'wechatpay-nonce': 'n',
        'wechatpay-signature': signer.sign(privateKey, 'base64'),
        ...headers,
      },
      body,
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const failed = (status: number, message: string) => ({
    status,
    text: JSON.stringify({ code: 'FAIL', message }),
  })

  it('passes its checks, is read, verified and handled, and gets its own answer', async () => {
    expect(await notify({ body: '{ "id": "EV-1" }\n' })).toMatchObject({ status: 204, text: '' })
    expect(steps).toEqual(['check', 'verify', 'handle EV-1'])
  })

  it('is refused before it is read by what its head tells', async () => {
    const long = 'x'.repeat(2000)
    const late = String(Math.floor(world.ctx.now() / 1000) - 301)
    expect(await notify({ body: long, headers: { 'wechatpay-nonce': '' } })).toMatchObject(
      failed(401, 'nonce is missing'),
    )
    expect(await notify({ body: long, headers: { 'wechatpay-timestamp': late } })).toMatchObject(
      failed(403, 'timestamp is off by more than 5 minutes'),
    )
    expect(await notify({ body: long, headers: { 'content-type': 'text/xml' } })).toMatchObject(
      failed(415, 'not JSON'),
    )
    expect(steps).toEqual(['check', 'check', 'check'])
  })

  it('is refused beyond its limit, empty, forged or changed by one bit', async () => {
    expect(await notify({ body: 'x'.repeat(1001) })).toMatchObject({
      status: 413,
      text: expect.stringContaining('FAIL'),
    })
    expect(await notify({ body: '' })).toMatchObject(failed(400, 'body is empty'))
    expect(steps).toEqual(['check', 'check'])
    const forged = failed(401, 'the signature is wrong')
    expect(await notify({ signed: '{"id":"EV-2"}' })).toMatchObject(forged)
    const probe = 'WECHATPAY/SIGNTEST/abc'
    expect(await notify({ headers: { 'wechatpay-signature': probe } })).toMatchObject(forged)
    expect(steps.join()).not.toContain('handle')
    expect((await fetch(url)).status).toBe(401)
  })

  it('that fails is answered with 500 and tells nobody why', async () => {
    expect(await notify({ body: '{"id":"poison"}' })).toMatchObject(failed(500, 'internal error'))
    expect(await notify({ body: 'rubbish, but signed' })).toMatchObject(failed(500, 'internal error'))
    expect(lines.join('')).toContain('a secret of the database')
    expect(lines.filter(line => line.includes('push not taken'))).toHaveLength(2)
  })

  it('is taken whatever else comes from its address, of which 300 refusals a minute are heard', async () => {
    world.clock.offsetMs += 60_001
    const statuses: number[] = []
    for (let at = 0; at < 320; at += 40) {
      const part = Array.from({ length: 40 }, () => notify({ signed: 'other' }))
      for (const { status } of await Promise.all(part)) statuses.push(status)
    }
    expect(statuses.filter(status => status === 401)).toHaveLength(300)
    expect(statuses.filter(status => status === 429)).toHaveLength(20)
    expect(lines.filter(line => line.includes('push refused'))).toHaveLength(300)
    const over = await notify({ signed: 'other' })
    expect(over).toMatchObject(failed(429, 'too many refused pushes'))
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await notify()).toMatchObject({ status: 204 })
    world.clock.offsetMs += 60_001
    expect(await notify({ signed: 'other' })).toMatchObject({ status: 401 })
  })
})
