import { describe, expect, test } from 'vitest'
import { createTokenSource, memoryTokenStore, type StoredToken, type TokenStore } from './token-source.ts'

const HOUR = 3_600_000

/** A token source with a manual clock and an upstream that counts its calls; `answer` may be replaced by one that throws. */
function setup(store: TokenStore = memoryTokenStore()) {
  const world = { now: 1_000_000, reads: 0, fetches: 0, answer: undefined as undefined | (() => StoredToken) }
  const counted: TokenStore = {
    read: () => {
      world.reads++
      return store.read()
    },
    withLock: work => store.withLock(work),
  }
  const source = createTokenSource({
    store: counted,
    now: () => world.now,
    fetchToken: async () => {
      world.fetches++
      await new Promise(resolve => setImmediate(resolve))
      return world.answer?.() ?? { token: `t${world.fetches}`, expiresAt: world.now + 2 * HOUR }
    },
  })
  return { world, source, store }
}

describe('get', () => {
  test('a thousand at once are one store read and one fetch', async () => {
    const { source, world } = setup()
    const got = await Promise.all(Array.from({ length: 1000 }, () => source.get()))
    expect(new Set(got)).toEqual(new Set(['t1']))
    expect(world).toMatchObject({ reads: 1, fetches: 1 })
    await source.get()
    expect(world).toMatchObject({ reads: 1, fetches: 1 })
  })

  test('refreshes five minutes before the end', async () => {
    const { source, world } = setup()
    await source.get()
    world.now += 2 * HOUR - 300_001
    expect(await source.get()).toBe('t1')
    world.now += 1
    expect(await source.get()).toBe('t2')
  })

  test('early refreshes that fail come less and less often until the token ends', async () => {
    const { source, world } = setup()
    await source.get()
    world.now += 2 * HOUR - 300_000
    world.answer = () => {
      throw new Error('down')
    }
    for (let second = 0; second < 300; second++) {
      expect(await source.get()).toBe('t1')
      world.now += 1000
    }
    expect(world.fetches - 1).toBeGreaterThanOrEqual(3)
    expect(world.fetches - 1).toBeLessThanOrEqual(6)
  })

  test('an early refresh that fails keeps the valid token and is not repeated at once', async () => {
    const { source, world } = setup()
    await source.get()
    world.now += 2 * HOUR - 200_000
    world.answer = () => {
      throw new Error('down')
    }
    for (let i = 0; i < 10; i++) expect(await source.get()).toBe('t1')
    expect(world.fetches).toBe(2)
    world.now += 30_000
    expect(await source.get()).toBe('t1')
    expect(world.fetches).toBe(3)
    world.now += 170_000
    await expect(source.get()).rejects.toThrow('down')
    world.answer = undefined
    expect(await source.get()).toBe('t5')
  })

  test('an upstream that repeats the old token until it is over is not hammered', async () => {
    const { source, world } = setup()
    await source.get()
    const end = world.now + 2 * HOUR
    world.answer = () => ({ token: 't1', expiresAt: end })
    world.now = end - 250_000
    for (let i = 0; i < 100; i++) expect(await source.get()).toBe('t1')
    expect(world.fetches).toBe(2)
    world.now = end
    world.answer = undefined
    expect(await source.get()).toBe('t3')
  })

  test('two nodes on one store fetch once', async () => {
    const store = memoryTokenStore()
    const a = setup(store)
    const b = setup(store)
    expect(await Promise.all([a.source.get(), b.source.get()])).toEqual(['t1', 't1'])
    expect(a.world.fetches + b.world.fetches).toBe(1)
  })

  test('a failure without any token is told to all who wait, and the next try works', async () => {
    const { source, world } = setup()
    world.answer = () => {
      throw new Error('wrong secret')
    }
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => source.get()))
    expect(results.every(result => result.status === 'rejected')).toBe(true)
    expect(world.fetches).toBe(1)
    world.answer = undefined
    expect(await source.get()).toBe('t2')
  })
})

describe('renew', () => {
  test('many who saw the same token fail are one fetch; latecomers get what it brought', async () => {
    const { source, world } = setup()
    const failed = await source.get()
    const got = await Promise.all(Array.from({ length: 100 }, () => source.renew(failed)))
    expect(new Set(got)).toEqual(new Set(['t2']))
    expect(await source.renew(failed)).toBe('t2')
    expect(await source.get()).toBe('t2')
    expect(world.fetches).toBe(2)
    expect(await source.renew('t2')).toBe('t3')
  })

  test('takes what another node stored in the meantime', async () => {
    const store = memoryTokenStore()
    const a = setup(store)
    const b = setup(store)
    expect([await a.source.get(), await b.source.get()]).toEqual(['t1', 't1'])
    expect(await a.source.renew('t1')).toBe('t2')
    expect(await b.source.renew('t1')).toBe('t2')
    expect(b.world.fetches).toBe(0)
  })

  test('an upstream that insists on the refused token is asked again only after a while', async () => {
    const { source, world } = setup()
    await source.get()
    world.answer = () => ({ token: 't1', expiresAt: world.now + HOUR })
    for (let i = 0; i < 10; i++) expect(await source.renew('t1')).toBe('t1')
    expect(world.fetches).toBe(2)
    world.now += 5_000
    world.answer = undefined
    expect(await source.renew('t1')).toBe('t3')
  })

  test('a failed renewal leaves the store as it was', async () => {
    const { source, world, store } = setup()
    await source.get()
    const before = await store.read()
    world.answer = () => {
      throw new Error('down')
    }
    await expect(source.renew('t1')).rejects.toThrow('down')
    expect(await store.read()).toEqual(before)
    world.answer = undefined
    expect(await source.renew('t1')).toBe('t3')
  })
})

test('memoryTokenStore runs one holder of its lock at a time', async () => {
  const store = memoryTokenStore()
  let inside = 0
  await Promise.all(
    Array.from({ length: 20 }, () =>
      store.withLock(async () => {
        expect(++inside).toBe(1)
        await new Promise(resolve => setImmediate(resolve))
        inside--
      }),
    ),
  )
})
