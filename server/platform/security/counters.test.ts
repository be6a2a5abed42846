import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startWorld, type World } from '../../../test/harness.ts'
import { administratorPassword, signInAs } from '../../../test/sign-in.ts'
import { type Server, startServer } from '../../server.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'
import { type AttemptLimit, countAttempt, createFloodLimit, forgetAttempts } from './counters.ts'

let world: World
let other: Server
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  other = await startServer(readConfig(world.env), {
    log: createLog('silent'),
    now: () => Date.now() + world.clock.offsetMs,
  })
})
afterAll(async () => {
  await other.close()
  await world.close()
})

const limit: AttemptLimit = { purpose: 'test', atMost: 3, windowMs: 60_000 }
const storedCount = async (purpose: string) => {
  const rows = await world.ctx.db
    .selectFrom('attempt_counter')
    .select('count')
    .where('purpose', '=', purpose)
    .execute()
  return rows.map(row => row.count)
}

describe('attempts', () => {
  it('at the same moment on two nodes each have a number of their own', async () => {
    const subject = { corpId: world.corpId, of: 'many' }
    const counted = await Promise.all(
      Array.from({ length: 60 }, (_, n) => countAttempt(n % 2 ? world.ctx : other.ctx, limit, subject)),
    )
    const numbers = counted.map(one => one.count).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
    expect(counted.filter(one => !one.isOver)).toHaveLength(3)
  })

  it('are counted from zero after their window, which later ones do not lengthen, and after a success', async () => {
    const subject = { corpId: '', of: 'a name that may be a password' }
    const count = () => countAttempt(world.ctx, limit, subject)
    expect(await count()).toEqual({ count: 1, isOver: false, retryAfterSeconds: 60 })
    world.clock.offsetMs += 50_000
    const second = await count()
    expect(second.count).toBe(2)
    expect(second.retryAfterSeconds).toBeLessThanOrEqual(10)
    world.clock.offsetMs += 11_000
    expect((await count()).count).toBe(1)
    await forgetAttempts(world.ctx, limit, subject)
    expect((await count()).count).toBe(1)
    const stored = await world.ctx.db.selectFrom('attempt_counter').selectAll().execute()
    expect(JSON.stringify(stored)).not.toContain('a name that may be')
  })

  it('over the limit of a flood write nothing more, until the window ends', async () => {
    const flood = { ...limit, purpose: 'flood' }
    const attempt = createFloodLimit(world.ctx, flood)
    const subject = { corpId: world.corpId, of: '192.0.2.1' }
    for (let n = 0; n < 50; n++) expect((await attempt(subject)).isOver).toBe(n >= 3)
    expect(await storedCount('flood')).toEqual([4])
    expect((await attempt({ ...subject, of: '192.0.2.2' })).isOver).toBe(false)
    world.clock.offsetMs += 60_001
    expect((await attempt(subject)).isOver).toBe(false)
  })
})

describe('limits over two nodes', () => {
  it('ten wrong secrets a minute, and the right one always passes', async () => {
    const { devId, devSecret } = await world.addDeveloper()
    await other.ctx.reloadConfig()
    const ask = (url: string, secret: string) =>
      call(`${url}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret: secret })}`)
    const nodes = [world.server.url, other.url]
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask(nodes[n % 2] ?? '', 'guess').then(one => one.retCode)),
    )
    expect(codes.filter(code => code === '1003')).toHaveLength(10)
    expect(codes.filter(code => code === '1010')).toHaveLength(30)
    for (const url of nodes) expect((await ask(url, devSecret)).retCode).toBe('0')
  })

  it('of 64 passwords at once ten are looked at', async () => {
    await signInAs(world, 'system')
    const signIn = (url: string, password: string) =>
      call(`${url}/web/sign-in/password`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'admin', password }),
      })
    const nodes = [world.server.url, other.url]
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => signIn(nodes[n % 2] ?? '', `wrong ${n}`)),
    )
    const left = answers
      .filter(one => one.retCode === '1009')
      .map(one => /(\d+) 次/.exec(one.retMessage)?.[1])
    expect(left.sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(answers.filter(one => one.retCode === '1010')).toHaveLength(55)
    for (const url of nodes) expect((await signIn(url, administratorPassword)).retCode).toBe('1010')
    expect(await storedCount('password')).toEqual([66])
    world.clock.offsetMs += 15 * 60_000 + 1
    expect((await signIn(other.url, administratorPassword)).retCode).toBe('0')
    expect(await storedCount('password')).toEqual([])
  })

  it('six hundred notices a minute from one address', async () => {
    const notice = (url: string, n: number) =>
      call(
        `${url}/admin/syncController/callback?${new URLSearchParams({ changeType: 'update_user', corpId: world.corpId, userId: `told${n % 20}` })}`,
      )
    const nodes = [world.server.url, other.url]
    const codes: string[] = []
    for (let at = 0; at < 660; at += 60) {
      const part = Array.from({ length: 60 }, (_, n) => notice(nodes[n % 2] ?? '', n))
      for (const { retCode } of await Promise.all(part)) codes.push(retCode)
    }
    expect(codes.filter(code => code === '0')).toHaveLength(600)
    expect(codes.filter(code => code === '1010')).toHaveLength(60)
    for (const url of nodes) {
      const { status, headers } = await notice(url, 1)
      expect(status).toBe(429)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
  })
})
