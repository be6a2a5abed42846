import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createClient,
  type Device,
  ForbiddenError,
  PacketError,
  UnknownMemberError,
} from '../../sdk/server/index.ts'
import { setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { type FaultProxy, startBetween } from './between.ts'

let world: World
let dev: Caller
let between: FaultProxy
const client = (more: Partial<Parameters<typeof createClient>[0]> = {}) =>
  createClient({ url: between.url, devId: dev.devId, devSecret: dev.devSecret, packets: true, ...more })
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4, tags: 1 })
  dev = await world.addDeveloper({ packets: 'required' })
  between = await startBetween(world.server.url)
})
beforeEach(() => between.clear())
afterAll(async () => {
  await between.close()
  await world.close()
})

const path = '/api/user/get'
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => new Error('nothing failed'),
    (error: Error) => error,
  )
const times = (wanted: string) => between.seen.filter(one => one.path === wanted).length

describe('packets', () => {
  it('carry calls, their errors and files, over one device and one session', async () => {
    const wisp = client()
    const [member, other] = await Promise.all([
      wisp.user.get({ userId: 'zhangsan' }),
      wisp.user.search({ searchName: 'a', pageSize: 50 }),
    ])
    expect(member.userId).toBe('zhangsan')
    const sent = between.seen.filter(one => one.path === path)
    expect(sent.map(one => [one.method, Object.keys(JSON.parse(one.body))])).toEqual([['POST', ['cipher']]])
    const error = await failureOf(wisp.user.get({ userId: '没有' }))
    expect(error).toBeInstanceOf(UnknownMemberError)
    expect(error.message).toContain('无效的用户 id: 没有')
    const fileId = other.list.find(one => one.fileId !== '')?.fileId ?? ''
    const { type, data } = await wisp.file.get({ fileId })
    expect([type.startsWith('image/'), data.length > 100]).toEqual([true, true])
    expect([times('/api/security/device'), times('/api/security/session')]).toEqual([1, 1])
    expect((await failureOf(client({ packets: false }).user.get({ userId: 'zhangsan' }))).message).toContain(
      '1000',
    )
  })

  it('keep a device over restarts', async () => {
    const kept: Device[] = []
    await client({ packets: { onDevice: async device => void kept.push(device) } }).org.tagList()
    const [device] = kept
    between.clear()
    await client({ packets: { device } }).org.tagList()
    expect([times('/api/security/device'), times('/api/security/session')]).toEqual([0, 1])
  })

  it('open another session when theirs has ended, once for all that wait', async () => {
    const kept: Device[] = []
    const wisp = client({ packets: { onDevice: device => void kept.push(device) } })
    await wisp.org.tagList()
    // A device has at most 16 sessions, of which the oldest goes.
    for (let other = 0; other < 16; other += 1) await client({ packets: { device: kept[0] } }).org.tagList()
    between.clear()
    await Promise.all([wisp.org.tagList(), wisp.org.tagList(), wisp.user.get({ userId: 'zhangsan' })])
    expect([times('/api/security/session'), times('/api/org/tagList')]).toEqual([1, 4])
  })

  it('say what time it is here when the clocks differ', async () => {
    const wisp = client()
    await wisp.org.tagList()
    world.clock.offsetMs = 600_000
    try {
      expect((await failureOf(wisp.org.tagList())).message).toContain(new Date().toISOString().slice(0, 13))
      // The token has ended as well.
      world.clock.offsetMs = 7_300_000
      expect(await failureOf(wisp.org.tagList())).toBeInstanceOf(PacketError)
    } finally {
      world.clock.offsetMs = 0
    }
    expect((await wisp.org.tagList()).tagList).toHaveLength(1)
  })

  it('refuse a success in the clear, and an answer that was changed', async () => {
    const wisp = client()
    const clear = '{"retCode":"0","retMessage":"成功","body":{"userId":"zhangsan"}}'
    between.fail(path, () => clear)
    const inClear = await failureOf(wisp.user.get({ userId: 'zhangsan' }))
    expect([inClear.name, inClear.message]).toEqual(['PacketError', expect.stringContaining('明文')])
    between.fail(path, answer =>
      answer.replace(/"cipher":"(.)/, (_all, one) => `"cipher":"${one === 'A' ? 'B' : 'A'}`),
    )
    const changed = await failureOf(wisp.user.get({ userId: 'zhangsan' }))
    expect([changed.name, changed.message]).toEqual(['PacketError', expect.stringContaining('签名')])
    const answers: string[] = []
    between.fail(path, answer => {
      answers.push(answer)
      return answer
    })
    await wisp.user.get({ userId: 'zhangsan' })
    between.fail(path, () => answers[0] ?? '')
    expect((await failureOf(wisp.user.get({ userId: 'lisi' }))).name).toBe('PacketError')
  })

  it('are repeated as new packets, since a nonce is good once', async () => {
    const wisp = client()
    between.fail(path, 'unanswered', 'lost')
    expect((await wisp.user.get({ userId: 'zhangsan' })).userId).toBe('zhangsan')
    expect(
      new Set(between.seen.filter(one => one.path === path).map(one => one.headers['x-wisp-nonce'])).size,
    ).toBe(3)
    between.fail('/api/security/session', 'unanswered')
    expect((await client().user.get({ userId: 'zhangsan' })).userId).toBe('zhangsan')
  })

  it('say that they are off, and that a device is not known', async () => {
    const off = await world.addDeveloper()
    const wisp = client({ devId: off.devId, devSecret: off.devSecret })
    expect(await failureOf(wisp.org.tagList())).toBeInstanceOf(ForbiddenError)
    await setDeveloper(world.ctx, 'test', off.devId, { packets: 'allowed' })
    expect((await wisp.org.tagList()).tagList).toHaveLength(1)
    const device = { deviceId: 'gone', masterKey: Buffer.alloc(32, 1).toString('base64') }
    const error = await failureOf(client({ packets: { device } }).org.tagList())
    expect(error.message).toContain('请核对')
  })
})
