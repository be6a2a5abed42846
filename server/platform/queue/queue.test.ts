import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { type ActiveTask, createQueue, type Queue } from './queue.ts'
import { enqueue, holdLease, LeaseLost, renew, taskState } from './queue-store.ts'

/** The stream of these tests; the server of the world never claims it. */
const stream = 'nightly'

let world: World
let queue: Queue
beforeEach(async () => {
  world = await startWorld({ synced: false })
  await world.ctx.queue.stop()
  queue = await createQueue(world.ctx)
})
afterEach(async () => {
  await queue.stop()
  await world.close()
})

const corp = (corpId: string) =>
  sql`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
    values (${corpId}, '', '', '', '', now())`.execute(world.ctx.db)
const put = (corpId: string, key = '', priority = 0, dueAt = new Date()) =>
  enqueue(world.ctx.db, [{ corpId, stream, key }], dueAt, priority)
const state = (corpId: string, key = '') => taskState(world.ctx.db, { corpId, stream, key })

/** Work that says what it did, and waits where it is told to. */
function handle(work: (held: ActiveTask) => Promise<Date | undefined>, atOnce = 10) {
  queue.handle({ name: stream, atOnce, work })
  queue.start()
}

it('leases are extended beside transactions that lock their tasks in any order', async () => {
  await corp('a')
  const { db } = world.ctx
  for (const key of ['x', 'y']) await put('a', key)
  await sql`update queue set lease = key, holder = 'n', lease_until = now() + interval '6 s' where corp_id = 'a'`.execute(
    db,
  )
  const leases = ['x', 'y'].map(key => ({ corpId: 'a', stream, key, id: key }) as const)
  for (const keys of [
    ['x', 'y'],
    ['y', 'x'],
  ]) {
    let renewing: Promise<Set<string>> | undefined
    await db.transaction().execute(async tx => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      for (const key of keys) {
        await enqueue(tx, [{ corpId: 'a', stream, key }], new Date(0))
        renewing ??= renew(db, leases)
        await expect
          .poll(async () => {
            const waiting =
              await sql`select from pg_stat_activity where ${rows[0]!.pid} = any(pg_blocking_pids(pid))`.execute(
                db,
              )
            return waiting.rows.length
          })
          .toBeGreaterThan(0)
      }
    })
    expect([...(await renewing!)].sort()).toEqual(['x', 'y'])
  }
})

it('leases whose tasks are locked are extended over one connection', async () => {
  await corp('a')
  const { db } = world.ctx
  const keys = ['x', 'y', 'z']
  for (const key of keys) await put('a', key)
  await sql`update queue set lease = key, holder = 'n', lease_until = now() + interval '6 s' where corp_id = 'a'`.execute(
    db,
  )
  let renewing: Promise<Set<string>> | undefined
  await db.transaction().execute(async tx => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await sql`select from queue where corp_id = 'a' for update`.execute(tx)
    renewing = renew(
      db,
      keys.map(key => ({ corpId: 'a', stream, key, id: key }) as const),
    )
    const waiting = async () => {
      const found =
        await sql`select from pg_stat_activity where ${rows[0]!.pid} = any(pg_blocking_pids(pid))`.execute(db)
      return found.rows.length
    }
    await expect.poll(waiting).toBeGreaterThan(0)
    for (let n = 0; n < 20; n++) expect(await waiting()).toBe(1)
  })
  expect([...(await renewing!)].sort()).toEqual(keys)
})

describe('a task', () => {
  it('is worked on once, and gone when nothing is left to do', async () => {
    await corp('a')
    const done: string[] = []
    handle(async held => {
      done.push(held.corpId)
      return undefined
    })
    await put('a')
    await expect.poll(() => state('a')).toBeUndefined()
    expect(done).toEqual(['a'])
  })

  it('is worked on again when something is enqueued during the work', async () => {
    await corp('a')
    let turns = 0
    handle(async () => {
      // In the middle of the work, after it has looked for what there is.
      if (++turns === 1) await put('a')
      return undefined
    })
    await put('a')
    await expect.poll(() => turns).toBe(2)
    await expect.poll(() => state('a')).toBeUndefined()
  })

  it('comes again when it says so', async () => {
    await corp('a')
    let turns = 0
    handle(async () => (++turns < 3 ? new Date(Date.now() + 20) : undefined))
    await put('a')
    await expect.poll(() => turns).toBe(3)
  })

  it('waits longer after each failure, and is then done', async () => {
    await corp('a')
    let turns = 0
    handle(async () => {
      if (++turns < 3) throw new Error('not yet')
      return undefined
    })
    await put('a')
    await expect.poll(() => turns, { timeout: 10_000 }).toBe(3)
    await expect.poll(() => state('a')).toBeUndefined()
  })

  it('is told what is enqueued while it is under way', async () => {
    await corp('a')
    const told: string[] = []
    handle(async held => {
      held.reset()
      told.push('began')
      await held.wait(30_000)
      told.push('rung')
      return undefined
    })
    await put('a')
    await expect.poll(() => told[0]).toBe('began')
    await put('a')
    await expect.poll(() => told).toContain('rung')
  })
})

describe('tasks', () => {
  it('go by priority and then by time, as many at once as there is room', async () => {
    for (const name of ['a', 'b', 'c']) await corp(name)
    await put('a', '', 1, new Date(1000))
    await put('b', '', 0, new Date(3000))
    await put('c', '', 0, new Date(2000))
    const order: string[] = []
    let most = 0
    let now = 0
    handle(async held => {
      most = Math.max(most, ++now)
      order.push(held.corpId)
      await new Promise(resolve => setImmediate(resolve))
      now--
      return undefined
    }, 1)
    await expect.poll(() => order).toEqual(['c', 'b', 'a'])
    expect(most).toBe(1)
  })
})

describe('tasks that are slow', () => {
  const whose = sql<string>`split_part(q.key, ' ', 1)`
  const isSlow = sql<boolean>`(q.key like '%slow')`
  /** Work that goes on until the test lets it go. */
  function handleSlow(places: { atOnce: number; slowAtOnce: number; asideAtMost: number }) {
    const held = new Map<string, { one: ActiveTask; end: () => void }>()
    queue.handle({
      name: stream,
      atOnce: places.atOnce,
      slow: { atOnce: places.slowAtOnce, asideAtMost: places.asideAtMost, isSlow, whose },
      work: one =>
        new Promise(resolve => {
          held.set(one.key, { one, end: () => resolve(undefined) })
          one.signal.addEventListener('abort', () => resolve(undefined))
        }),
    })
    queue.start()
    return held
  }

  it('have places of their own, and take none of the others', async () => {
    await corp('a')
    for (let n = 0; n < 10; n++) await put('a', `b${n} slow`, 0, new Date(1000))
    await put('a', 'c quick')
    const held = handleSlow({ atOnce: 1, slowAtOnce: 2, asideAtMost: 2 })
    await expect.poll(() => held.has('c quick')).toBe(true)
    await expect.poll(() => held.size).toBe(3)
    held.get('b0 slow')?.end()
    await expect.poll(() => held.size).toBe(4)
  })

  it('may step aside, as many as may, and leave their place to others', async () => {
    await corp('a')
    for (let n = 0; n < 4; n++) await put('a', `d${n} quick`, 0, new Date(1000 + n))
    const held = handleSlow({ atOnce: 1, slowAtOnce: 1, asideAtMost: 2 })
    for (let n = 0; n < 2; n++) {
      await expect.poll(() => held.has(`d${n} quick`)).toBe(true)
      expect(held.size).toBe(n + 1)
      held.get(`d${n} quick`)?.one.stepAside()
    }
    await expect.poll(() => held.has('d2 quick')).toBe(true)
    held.get('d2 quick')?.one.stepAside()
    await put('a', 'e slow', 0, new Date(500))
    await put('a', 'f quick', 0, new Date(500))
    held.get('d2 quick')?.end()
    await expect.poll(() => held.has('f quick')).toBe(true)
    expect([...held.keys()]).toEqual(['d0 quick', 'd1 quick', 'd2 quick', 'f quick'])
  })

  it('go to the owner with the fewest under way, then by time', async () => {
    await corp('a')
    for (let n = 0; n < 3; n++) await put('a', `many ${n}`, 0, new Date(1000 + n))
    await put('a', 'few', 0, new Date(5000))
    const held = handleSlow({ atOnce: 2, slowAtOnce: 1, asideAtMost: 1 })
    await expect.poll(() => held.size).toBe(2)
    expect([...held.keys()].sort()).toEqual(['few', 'many 0'])
    await put('a', 'another', 0, new Date(6000))
    held.get('few')?.end()
    await expect.poll(() => held.size).toBe(3)
    expect(held.has('another')).toBe(true)
  })
})

describe('a lease', () => {
  const expire = (corpId: string) =>
    sql`update queue set lease_until = now() - interval '1 second' where corp_id = ${corpId}`.execute(
      world.ctx.db,
    )

  it('that another node let expire is taken over, and what that node still writes fails', async () => {
    await corp('a')
    const leases: ActiveTask['lease'][] = []
    let release = () => {}
    const isHeld = new Promise<void>(resolve => {
      release = resolve
    })
    handle(async held => {
      leases.push(held.lease)
      if (leases.length === 1) await isHeld
      return undefined
    })
    await put('a')
    await expect.poll(() => leases.length).toBe(1)
    const other = await createQueue({ ...world.ctx, nodeId: 'other' })
    other.handle({
      name: stream,
      atOnce: 10,
      async work(held) {
        leases.push(held.lease)
        return undefined
      },
    })
    await expire('a')
    other.start()
    await expect.poll(() => leases.length).toBe(2)
    const write = world.ctx.db.transaction().execute(tx => holdLease(tx, leases[0]!))
    await expect(write).rejects.toThrow(LeaseLost)
    release()
    await other.stop()
  })

  it('that this node could not give back is its own again once it has expired', async () => {
    await corp('a')
    await put('a')
    // As the database was left when it went away in the middle of the work: the lease is there, nobody works under it.
    await sql`update queue set lease = 'left over', holder = ${world.ctx.nodeId}, due_at = 'infinity',
      lease_until = now() - interval '1 second'`.execute(world.ctx.db)
    const done: string[] = []
    handle(async held => {
      done.push(held.corpId)
      return undefined
    })
    await expect.poll(() => done).toEqual(['a'])
  })

  it('that expired goes before what has become due since, however much that is', async () => {
    for (const corpId of ['a', 'b', 'c']) {
      await corp(corpId)
      await put(corpId, '', 0, new Date(Date.now() - 60_000))
    }
    await sql`update queue set lease = 'of a killed node', holder = 'killed', due_at = 'infinity',
      lease_until = now() - interval '1 second' where corp_id = 'c'`.execute(world.ctx.db)
    const done: string[] = []
    handle(async held => {
      done.push(held.corpId)
      return undefined
    }, 1)
    await expect.poll(() => done.length).toBe(3)
    expect(done[0]).toBe('c')
  })

  it('is given back at once when the node stops', async () => {
    await corp('a')
    handle(async held => {
      await held.wait(30_000)
      return undefined
    })
    await put('a')
    await expect.poll(async () => (await state('a'))?.nodeId).toBe(world.ctx.nodeId)
    await queue.stop()
    expect(await state('a')).toMatchObject({ nodeId: null })
  })
})

describe('work that is held back', () => {
  it('is given back as well where it was being claimed at that moment', async () => {
    await corp('a')
    await queue.stop()
    const homes = {
      ...world.ctx.homes,
      /** Asked while a claim is made up. */
      names() {
        queue.holdBack(new Map([['a', 'suspended']]))
        return world.ctx.homes.names()
      },
    }
    queue = await createQueue({ ...world.ctx, homes })
    let isAborted = false
    await put('a')
    handle(async held => {
      await held.wait(60_000)
      isAborted = held.signal.aborted
      return undefined
    })
    await expect.poll(() => isAborted).toBe(true)
    await expect.poll(async () => (await state('a'))?.nodeId).toBe(null)
  })

  it('waits, is given back while it is under way, and goes on afterwards; what may end does', async () => {
    for (const corpId of ['a', 'b']) await corp(corpId)
    const begun: string[] = []
    const ended: string[] = []
    const hold = new Map([['a', 'suspended' as const]])
    handle(async held => {
      begun.push(held.corpId)
      if (held.corpId === 'a' && begun.length === 1) await held.wait(60_000)
      if (!held.signal.aborted) ended.push(held.corpId)
      return undefined
    })
    const finishes: string[] = []
    queue.handle({
      name: 'directory',
      atOnce: 1,
      goesOn: ['suspended'],
      async work({ corpId }) {
        finishes.push(corpId)
        return undefined
      },
    })
    await put('a')
    await expect.poll(() => begun).toEqual(['a'])
    queue.holdBack(hold)
    await expect.poll(async () => (await state('a'))?.nodeId).toBe(null)
    await put('b')
    await enqueue(world.ctx.db, [{ corpId: 'a', stream: 'directory' }], new Date())
    await expect.poll(() => [ended, finishes]).toEqual([['b'], ['a']])
    expect(begun).toEqual(['a', 'b'])
    queue.holdBack(new Map([['a', 'removing']]))
    await enqueue(world.ctx.db, [{ corpId: 'a', stream: 'directory' }], new Date())
    await put('b')
    await expect.poll(() => ended).toEqual(['b', 'b'])
    expect(finishes).toEqual(['a'])
    queue.holdBack(new Map())
    await expect
      .poll(() => [ended, finishes])
      .toEqual([
        ['b', 'b', 'a'],
        ['a', 'a'],
      ])
  })
})
