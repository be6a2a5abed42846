import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, callerOf, startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { setDeveloper } from '../developers/developer-admin.ts'
import {
  badPacketText as bad,
  type Device,
  newNonce,
  openSession,
  packetOf,
  register,
  type Session,
  seconds,
  send,
  sessionWish,
} from './client.fixture.ts'
import { deviceProof } from './crypto/keys.ts'
import { revokeDevice } from './devices.ts'

const get = '/api/user/get'

let world: World
let other: Server
let dev: Caller
let device: Device
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  other = await startServer(readConfig(world.env), { log: createLog('silent') })
  dev = await world.addDeveloper({ packets: 'allowed' })
  await until('the other node knows the developer', async () => other.ctx.developers.get(dev.devId))
  device = await register(dev, 'phone-1')
})
afterAll(async () => {
  await other.close()
  await world.close()
})

const told = ({ retCode, retMessage }: { retCode: string; retMessage: string }) => `${retCode} ${retMessage}`
const ask = async (session: Session, path: string, plain: unknown, url = world.server.url) =>
  send(url, await dev.token(), session, path, packetOf(session, path, plain))
const nonces = async () => {
  const found = await sql<{ n: number }>`select count(*)::int as n from packet_nonce`.execute(world.ctx.db)
  return found.rows[0]?.n ?? 0
}

describe('a device', () => {
  const path = '/api/security/device'
  const post = async (body: object, headers: Record<string, string> = {}) => dev.post(path, body, headers)

  it.each([
    [{}, '1001 参数为空: deviceId'],
    [{ deviceId: 'a b' }, '1000 参数错误: deviceId 应为'],
    [{ deviceId: '设备' }, '1000 参数错误: deviceId 应为'],
    [{ deviceId: 'x'.repeat(65) }, '1000 参数错误: deviceId 最长'],
    [{ deviceId: 'x', publicKey: 'AAAA' }, '1000 参数错误: publicKey 应为'],
    [{ deviceId: 'x', publicKey: Buffer.alloc(32).toString('base64') }, '1000 参数错误: publicKey 应为'],
    [
      { deviceId: 'x', publicKey: Buffer.alloc(32, 9).toString('base64url') },
      '1000 参数错误: publicKey 应为',
    ],
    // A point of small order, with which every private key gives zero.
    [
      { deviceId: 'x', publicKey: '4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA=' },
      '1000 参数错误: publicKey 应为',
    ],
  ])('%j is refused with %s', async (given, wanted) => {
    expect(told(await post(given))).toContain(wanted)
  })

  it('gets its key itself only where nobody can listen', async () => {
    expect((await post({ deviceId: 'local' })).body).toEqual({
      deviceId: 'local',
      masterKey: expect.any(String),
    })
    for (const header of ['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'x-real-ip', 'via'])
      expect(told(await post({ deviceId: 'far' }, { [header]: 'https' })), header).toContain('只能经 https')
    const session = await openSession(dev, {
      deviceId: 'local2',
      masterKey: Buffer.from((await post({ deviceId: 'local2' })).body.masterKey, 'base64'),
    })
    expect((await ask(session, get, { userId: 'zhangsan' })).retCode).toBe('0')
  })

  it('gets its key itself through a trusted proxy that has https', async () => {
    const env = { ...world.env, WISP_TRUSTED_PROXIES: '127.0.0.1' }
    const behind = await startServer(readConfig(env), { log: createLog('silent') })
    try {
      const far = callerOf(behind.url, dev)
      const answers = []
      for (const proto of ['https', 'http', 'https, http'])
        answers.push(
          (
            await far.post(
              path,
              { deviceId: 'proxied' },
              { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': proto },
            )
          ).retCode,
        )
      expect(answers).toEqual(['0', '1000', '1000'])
    } finally {
      await behind.close()
    }
  })

  it('is registered again by who has its old key, once, and nobody else', async () => {
    const old = await register(dev, 'again')
    const session = await openSession(dev, old)
    const stranger = await register(dev, 'other')
    const publicKey = Buffer.alloc(32, 9).toString('base64')
    const wish = { deviceId: 'again', publicKey, timestamp: seconds(), nonce: newNonce() }
    const proof = deviceProof(old.masterKey, wish)
    const late = { ...wish, timestamp: String(Number(seconds()) - 360) }
    const before = await nonces()
    for (const wrong of [
      { deviceId: 'again', publicKey },
      { ...wish },
      { ...wish, proof: 'x' },
      { ...wish, proof: deviceProof(stranger.masterKey, wish) },
      { ...wish, proof, nonce: newNonce() },
      { ...wish, proof, publicKey: Buffer.alloc(32, 8).toString('base64') },
      { deviceId: 'again', timestamp: wish.timestamp, nonce: wish.nonce, proof },
      { ...late, proof: deviceProof(old.masterKey, late) },
    ])
      expect(told(await post(wrong)), JSON.stringify(wrong)).toContain('1009 无权限: 设备已登记')
    expect(await nonces()).toBe(before)
    expect((await ask(session, get, { userId: 'zhangsan' })).retCode).toBe('0')
    expect((await post({ ...wish, proof })).retCode).toBe('0')
    expect(told(await ask(session, get, { userId: 'zhangsan' }))).toBe(bad)
    expect(told(await post({ ...wish, proof }))).toContain('1009')
  })

  it('is replaced without a public key where nobody can listen', async () => {
    const first = Buffer.from((await post({ deviceId: 'plain' })).body.masterKey, 'base64')
    const wish = { deviceId: 'plain', publicKey: '', timestamp: seconds(), nonce: newNonce() }
    const { masterKey } = (await post({ ...wish, proof: deviceProof(first, wish) })).body
    expect(Buffer.from(masterKey, 'base64')).not.toEqual(first)
  })

  it('that is revoked ends its sessions on every node, and may be registered again', async () => {
    const lost = await register(dev, 'lost')
    const session = await openSession(dev, lost)
    for (const url of [world.server.url, other.url])
      expect((await ask(session, get, { userId: 'zhangsan' }, url)).retCode).toBe('0')
    await revokeDevice(world.ctx, 'test', { corpId: world.corpId, devId: dev.devId }, 'lost')
    for (const url of [world.server.url, other.url])
      expect(told(await ask(session, get, { userId: 'zhangsan' }, url))).toBe(bad)
    expect(told(await dev.post('/api/security/session', sessionWish(lost, 'gcm')))).toBe(bad)
    expect((await openSession(dev, await register(dev, 'lost'))).id).not.toBe('')
  })

  it('is the last of ten thousand', async () => {
    const full = await world.addDeveloper({ packets: 'allowed' })
    await sql`
      insert into packet_device (corp_id, dev_id, device_id, master_key, registered_at)
      select ${world.corpId}, ${full.devId}, 'd' || n, '', now() from generate_series(1, 9999) n`.execute(
      world.ctx.db,
    )
    const codes = await Promise.all(
      ['a', 'b', 'c'].map(async deviceId => (await full.post(path, { deviceId })).retCode),
    )
    expect(codes.sort()).toEqual(['0', '1000', '1000'])
    await sql`delete from packet_device where dev_id = ${full.devId}`.execute(world.ctx.db)
  })
})

describe('a developer', () => {
  it('with packets off is refused every part of them, and served in the clear', async () => {
    const off = await world.addDeveloper()
    const wanted = '1009 无权限: 未为此开发者开启报文加密；请去掉 x-wisp-session 直接调用，或请管理员开启'
    expect(told(await off.post('/api/security/device', { deviceId: 'x' }))).toBe(wanted)
    expect(told(await off.post('/api/security/session', sessionWish(device, 'gcm')))).toBe(wanted)
    const session = await openSession(dev, device)
    const packet = packetOf(session, get, {})
    expect(told(await send(world.server.url, await off.token(), session, get, packet))).toBe(wanted)
    expect((await off.get(get, { userId: 'zhangsan' })).retCode).toBe('0')
  })

  it('that must use packets is refused in the clear', async () => {
    const strict = await world.addDeveloper({ packets: 'required' })
    const session = await openSession(strict, await register(strict, 'x'))
    const path = '/api/user/search'
    const wanted = '1000 参数错误: 此开发者的调用必须是加密报文'
    expect(told(await strict.get(get, { userId: 'zhangsan' }))).toBe(wanted)
    expect(told(await strict.post(path, { searchName: '张' }))).toBe(wanted)
    const packet = packetOf(session, path, { searchName: '张' })
    expect((await send(world.server.url, await strict.token(), session, path, packet)).retCode).toBe('0')
  })

  it('that is closed for new devices keeps those that it has', async () => {
    const closed = await world.addDeveloper({ packets: 'allowed' })
    const own = await register(closed, 'mine')
    await setDeveloper(world.ctx, 'test', closed.devId, { newDevices: false })
    expect(told(await closed.post('/api/security/device', { deviceId: 'new' }))).toContain(
      '1009 无权限: 此开发者不再登记新设备，没有登记；管理员可以在开发者的设置中开放',
    )
    const wish = { deviceId: 'mine', publicKey: '', timestamp: seconds(), nonce: newNonce() }
    const proof = deviceProof(own.masterKey, wish)
    expect((await closed.post('/api/security/device', { ...wish, proof })).retCode).toBe('0')
  })
})
