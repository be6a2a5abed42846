import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, callerOf, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import {
  badPacketText as bad,
  type Device,
  newNonce,
  openAnswer,
  openSession,
  packetOf,
  register,
  type Session,
  seconds,
  send,
  sessionWish,
} from './client.fixture.ts'
import { sealPacket, signPacket } from './crypto/packet.ts'

const get = '/api/user/get'

let world: World
let other: Server
let dev: Caller
let device: Device
const lines: string[] = []
beforeAll(async () => {
  const log = createLog('debug', { write: (line: string) => lines.push(line) })
  world = await startWorld({
    members: 20,
    departments: 4,
    tags: 1,
    overrides: { log },
    env: { WISP_PUBLIC_URL: 'http://wisp.example' },
  })
  other = await startServer(readConfig(world.env), {
    log: createLog('silent'),
    now: () => Date.now() + world.clock.offsetMs,
  })
  dev = await world.addDeveloper({ packets: 'allowed' })
  await until('the other node knows the developer', async () => other.ctx.developers.get(dev.devId))
  device = await register(dev, 'phone-1')
})
afterAll(async () => {
  await other.close()
  await world.close()
})
beforeEach(() => {
  world.clock.offsetMs = 0
})

const told = ({ retCode, retMessage }: { retCode: string; retMessage: string }) => `${retCode} ${retMessage}`
const now = () => seconds(Date.now() + world.clock.offsetMs)
const ask = async (session: Session, path: string, plain: unknown, url = world.server.url) =>
  send(url, await dev.token(), session, path, packetOf(session, path, plain, now()))
const raw = async (init: RequestInit, path = get, query = '') =>
  fetch(`${world.server.url}${path}?devToken=${await dev.token()}${query}`, { method: 'POST', ...init })
const nonces = async () => {
  const found = await sql<{ n: number }>`select count(*)::int as n from packet_nonce`.execute(world.ctx.db)
  return found.rows[0]?.n ?? 0
}
/** Refused in the clear with the one text, and nothing is stored. */
const refuse = async (
  packet: { headers: Record<string, string>; cipher?: unknown },
  query = '',
  path = get,
) => {
  const before = await nonces()
  const response = await raw(
    {
      headers: { 'content-type': 'application/json', ...packet.headers },
      body: JSON.stringify({ cipher: packet.cipher }),
    },
    path,
    query,
  )
  expect([response.status, told((await response.json()) as never)]).toEqual([200, bad])
  expect(await nonces()).toBe(before)
}

describe.each(['gcm', 'md5'] as const)('suite %s', suite => {
  let session: Session
  beforeAll(async () => {
    session = await openSession(dev, device, suite)
  })

  it('answers calls by GET and by POST as in the clear, on every node', async () => {
    const plain = await dev.get(get, { userId: 'zhangsan' })
    for (const url of [world.server.url, other.url]) {
      const answer = await ask(session, get, { userId: 'zhangsan' }, url)
      expect(answer).toEqual({
        isEncrypted: true,
        status: 200,
        retCode: '0',
        retMessage: '成功',
        body: plain.body,
      })
    }
    const path = '/api/user/search'
    const found = await dev.post(path, { searchName: '张' })
    expect((await ask(session, path, { searchName: '张' })).body).toEqual(found.body)
    for (const list of ['/api/org/list', '/api/org/tagList']) {
      expect((await ask(session, list, {})).body).toEqual((await dev.get(list)).body)
    }
  })

  it('encrypts the errors of the call', async () => {
    const answer = await ask(session, get, { userId: 'nobody' })
    expect([answer.isEncrypted, told(answer)]).toEqual([true, '1007 无效的用户 id: nobody'])
    expect(told(await ask(session, get, {}))).toBe('1001 参数为空: userId')
  })

  it.each([['[1]'], ['"x"'], ['null'], ['{"a"'], [''], ['\ud800'], ['['.repeat(200)]])(
    'encrypts the 1000 about a plain text that is no object: %j',
    async plain => {
      const answer = await ask(session, get, plain)
      expect([answer.isEncrypted, answer.retCode]).toEqual([true, '1000'])
    },
  )

  it('holds no stream, which is refused before it takes a place', async () => {
    const streaming = await world.addDeveloper({ packets: 'allowed', scopes: ['webhook:manage'] })
    const session = await openSession(streaming, await register(streaming, 'streams'))
    const path = '/api/event/stream'
    for (let n = 0; n < 25; n++) {
      const answer = await send(
        world.server.url,
        await streaming.token(),
        session,
        path,
        packetOf(session, path, {}, now()),
      )
      expect([answer.isEncrypted, answer.status, answer.retCode]).toEqual([true, 200, '1000'])
    }
  })

  it('refuses a nonce that was used, on whichever node', async () => {
    const packet = packetOf(session, get, { userId: 'zhangsan' })
    const token = await dev.token()
    const answers = await Promise.all(
      [world.server.url, other.url, world.server.url].map(url => send(url, token, session, get, packet)),
    )
    expect(answers.map(one => one.retCode).sort()).toEqual(['0', '1000', '1000'])
    expect(answers.filter(one => one.retCode !== '0').map(told)).toEqual([bad, bad])
    await refuse(packet)
  })

  it('refuses a body, a path, a time, a nonce or a signature that is changed by one bit', async () => {
    const { headers, cipher } = packetOf(session, get, { userId: 'zhangsan' })
    const bytes = Buffer.from(cipher, 'base64')
    for (const at of [0, 12, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      await refuse({ headers, cipher: changed.toString('base64') })
    }
    await refuse({ headers, cipher }, '', '/api/user/search')
    await refuse({
      headers: { ...headers, 'x-wisp-timestamp': String(Number(headers['x-wisp-timestamp']) - 1) },
      cipher,
    })
    await refuse({ headers: { ...headers, 'x-wisp-nonce': newNonce() }, cipher })
    const { 'x-wisp-signature': signature = '' } = headers
    const flipped = (signature[0] === '0' ? '1' : '0') + signature.slice(1)
    for (const wrong of [flipped, signature.slice(1), `${signature}0`, signature.toUpperCase(), 'é', '']) {
      const sent = Buffer.from(wrong).toString('latin1')
      await refuse({ headers: { ...headers, 'x-wisp-signature': sent }, cipher })
    }
    expect(told(await send(world.server.url, await dev.token(), session, get, { headers, cipher }))).toBe(
      '0 成功',
    )
  })

  it('refuses a cipher that is signed and yet none', async () => {
    const head = { kind: 'POST' as const, path: get, timestamp: seconds(), nonce: newNonce() }
    const good = sealPacket(suite, session.keys, head, Buffer.from('{}')).cipher
    for (const cipher of ['', 'AAAA', ` ${good}`, `${good}=`, good.slice(0, -8), good.replace(/=*$/, '*')]) {
      const own = { ...head, nonce: newNonce() }
      const headers = {
        'x-wisp-session': session.id,
        'x-wisp-timestamp': own.timestamp,
        'x-wisp-nonce': own.nonce,
        'x-wisp-signature': signPacket(suite, session.keys, own, cipher),
      }
      const answer = await send(world.server.url, await dev.token(), session, get, { headers, cipher })
      expect([answer.isEncrypted, told(answer)], cipher).toEqual([false, bad])
    }
  })

  it('carries bytes as their type and base64', async () => {
    const user = (await ask(session, get, { userId: 'zhangsan' })).body
    const token = await dev.token()
    const picture = await fetch(`${world.server.url}/api/file/get?devToken=${token}&fileId=${user.fileId}`)
    const answer = await ask(session, '/api/file/get', { fileId: user.fileId })
    expect(answer.body).toEqual({
      type: picture.headers.get('content-type'),
      data: Buffer.from(await picture.arrayBuffer()).toString('base64'),
    })
  })
})

describe('a packet', () => {
  let session: Session
  beforeAll(async () => {
    session = await openSession(dev, device)
  })

  it('has an hour hand that is right: six minutes off are refused, four are not', async () => {
    for (const offset of [-360, 360]) {
      await refuse(packetOf(session, get, { userId: 'zhangsan' }, String(Number(seconds()) + offset)))
    }
    for (const time of ['', 'now', '1e9', `${seconds()}.5`, '9'.repeat(20)])
      await refuse(packetOf(session, get, {}, time))
    for (const offset of [-240, 240]) {
      const packet = packetOf(session, get, { userId: 'zhangsan' }, String(Number(seconds()) + offset))
      expect((await send(world.server.url, await dev.token(), session, get, packet)).retCode).toBe('0')
    }
  })

  it('lacks nothing', async () => {
    const whole = packetOf(session, get, { userId: 'zhangsan' })
    for (const name of ['x-wisp-timestamp', 'x-wisp-nonce', 'x-wisp-signature']) {
      const { [name]: _, ...headers } = whole.headers
      await refuse({ headers, cipher: whole.cipher })
    }
    for (const nonce of ['', 'abc', 'A'.repeat(32), newNonce().slice(1), `${newNonce()}0`])
      await refuse(packetOf(session, get, {}, seconds(), nonce))
    for (const cipher of [undefined, null, 5, {}, ['x']]) await refuse({ headers: whole.headers, cipher })
  })

  it('has no parameters in its query', async () => {
    await refuse(packetOf(session, get, { userId: 'zhangsan' }), '&userId=zhangsan')
    await refuse(packetOf(session, get, { userId: 'zhangsan' }), '&x=')
    await refuse(packetOf(session, get, { userId: 'zhangsan' }), '&devToken=again')
  })

  it('has a body of JSON', async () => {
    const { headers } = packetOf(session, get, {})
    for (const body of ['{', '[]', '"x"', '', 'null']) {
      const response = await raw({ headers: { 'content-type': 'application/json', ...headers }, body })
      expect(told((await response.json()) as never), body).toBe(bad)
    }
    const form = await raw({ headers: { 'content-type': 'text/plain', ...headers }, body: 'x' })
    expect(form.status).toBe(415)
    const large = await raw({
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ cipher: 'A'.repeat(2_100_000) }),
    })
    expect(large.status).toBe(413)
  })

  it('is refused in the clear for its devToken, first of all', async () => {
    const { headers, cipher } = packetOf(session, get, {}, '1')
    const post = async (query: string, more = {}) => {
      const response = await fetch(`${world.server.url}${get}${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers, ...more },
        body: JSON.stringify({ cipher }),
      })
      return told((await response.json()) as never)
    }
    expect(await post('')).toBe('1001 参数为空: devToken')
    expect(await post('?devToken=dead')).toBe('1004 devToken 已失效')
    expect(await post('', { authorization: `Bearer ${await dev.token()}` })).toBe(bad)
  })

  it('is 405 for a call by GET without its header, and 404 where there is nothing', async () => {
    const clear = await raw({
      headers: { 'content-type': 'application/json' },
      body: '{"userId":"zhangsan"}',
    })
    expect([clear.status, clear.headers.get('allow')]).toEqual([405, 'GET'])
    const nowhere = await raw({ headers: packetOf(session, '/api/nothing', {}).headers }, '/api/nothing')
    expect(nowhere.status).toBe(404)
  })

  it('belongs to the developer of its devToken, with its scopes', async () => {
    const stranger = await world.addDeveloper({ packets: 'allowed' })
    const packet = packetOf(session, get, { userId: 'zhangsan' })
    expect(told(await send(world.server.url, await stranger.token(), session, get, packet))).toBe(bad)
    const narrow = await world.addDeveloper({ packets: 'allowed', scopes: ['ticket:issue'] })
    const own = await openSession(narrow, await register(narrow, 'd'))
    const answer = await send(world.server.url, await narrow.token(), own, get, packetOf(own, get, {}))
    expect(told(answer)).toMatch(/^1009 .*directory:read/)
  })

  it('never goes to the calls that come before', async () => {
    for (const path of ['/api/token/getDevToken', '/api/security/device', '/api/security/session'])
      await refuse(packetOf(session, path, {}), '', path)
  })

  it('gets English where it asks for it', async () => {
    const packet = packetOf(session, '/api/org/list', {})
    packet.headers['accept-language'] = 'en'
    const answer = await send(world.server.url, await dev.token(), session, '/api/org/list', packet)
    expect([answer.isEncrypted, answer.retMessage]).toEqual([true, 'success'])
  })
})

describe('a session', () => {
  it('ends after two hours', async () => {
    const session = await openSession(dev, device)
    const { expiresIn } = (await dev.post('/api/security/session', sessionWish(device, 'gcm'))).body
    expect(expiresIn).toBe(7200)
    const fresh = async () => {
      const { body } = await callerOf(world.server.url, dev).get('/api/token/getDevToken', {
        devId: dev.devId,
        devSecret: dev.devSecret,
      })
      return String(body.devToken)
    }
    for (const [minutes, code] of [
      [119, '0'],
      [121, '1000'],
    ] as const) {
      world.clock.offsetMs = minutes * 60_000
      for (const url of [world.server.url, other.url]) {
        const packet = packetOf(session, get, { userId: 'zhangsan' }, now())
        expect((await send(url, await fresh(), session, get, packet)).retCode).toBe(code)
      }
    }
  })

  it('takes part in sixteen at most, the oldest of which goes', async () => {
    const crowd = await register(dev, 'crowd')
    const sessions: Session[] = []
    for (let n = 0; n < 17; n++) sessions.push(await openSession(dev, crowd))
    const codes = []
    for (const one of sessions) codes.push((await ask(one, get, { userId: 'zhangsan' })).retCode)
    expect(codes).toEqual(['1000', ...Array.from({ length: 16 }, () => '0')])
  })

  it('is opened with gcm unless another suite is asked for', async () => {
    const { suite: _, ...wish } = sessionWish(device, 'gcm')
    expect((await dev.post('/api/security/session', wish)).retCode).toBe('0')
  })

  it('is opened for a proof of the device alone, once', async () => {
    const stranger = await register(dev, 'stranger')
    const open = async (wish: object) => told(await dev.post('/api/security/session', wish))
    const good = sessionWish(device, 'gcm')
    const before = await nonces()
    const { proof: foreign } = sessionWish(
      { ...device, masterKey: stranger.masterKey },
      'gcm',
      good.timestamp,
      good.nonce,
    )
    for (const wrong of [
      { proof: foreign },
      { proof: 'x' },
      { suite: 'md5' },
      { nonce: newNonce() },
      { nonce: 'x' },
      { deviceId: 'nobody' },
      { deviceId: 'stranger' },
      sessionWish(device, 'gcm', String(Number(seconds()) - 360)),
      sessionWish(device, 'gcm', String(Number(seconds()) + 360)),
    ])
      expect(await open({ ...good, ...wrong }), JSON.stringify(wrong)).toBe(bad)
    expect(await nonces()).toBe(before)
    expect(await open({ ...good, suite: 'rot13' })).toMatch(/^1000 .*suite/)
    expect(await open({ ...good, proof: '' })).toBe('1001 参数为空: proof')
    expect(await open(good)).toBe('0 成功')
    expect(await open(good)).toBe(bad)
  })

  it('is kept over a restart of its node', async () => {
    const session = await openSession(dev, device)
    const again = await startServer(readConfig(world.env), { log: createLog('silent') })
    expect((await ask(session, get, { userId: 'zhangsan' }, again.url)).retCode).toBe('0')
    await again.close()
  })
})

it('clients refuse a success in the clear, and answers to other packets', async () => {
  const session = await openSession(dev, device)
  const clear = new Response('{"retCode":"0","retMessage":"成功","body":{}}')
  await expect(openAnswer(session, get, newNonce(), clear)).rejects.toThrow('a success in the clear')
  const packet = packetOf(session, get, { userId: 'zhangsan' })
  const init = {
    headers: { 'content-type': 'application/json', ...packet.headers },
    body: JSON.stringify({ cipher: packet.cipher }),
  }
  await expect(openAnswer(session, get, newNonce(), await raw(init))).rejects.toThrow('did not make')
})

it('nonces that are over are deleted while packets come', async () => {
  const session = await openSession(dev, device)
  await sql`update packet_nonce set ends_at = now() - interval '2 minutes'`.execute(world.ctx.db)
  world.clock.offsetMs = 11_000
  const before = await nonces()
  expect(before).toBeGreaterThan(1)
  await ask(session, get, { userId: 'zhangsan' })
  await until('the old ones are gone', async () => (await nonces()) < before)
})

it('no key and no packet is in a log', async () => {
  const session = await openSession(dev, device)
  const packet = packetOf(session, get, { userId: 'zhangsan' })
  await send(world.server.url, await dev.token(), session, get, packet)
  const text = lines.join('')
  expect(text).toContain(get)
  const secrets = [device.masterKey, session.keys.signing, session.keys.data].flatMap(key => [
    key.toString('base64'),
    key.toString('hex'),
  ])
  for (const secret of [...secrets, packet.cipher, packet.headers['x-wisp-signature'] ?? '', session.id])
    expect(text).not.toContain(secret)
})
