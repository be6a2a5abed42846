import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { until } from '../../../test/until.ts'
import { createQueue } from '../queue/queue.ts'
import { claim, type Lease, LeaseLost, taskState } from '../queue/queue-store.ts'
import { type DueEvent, dueEvents, insertEvents } from './event-store.ts'
import { type FailureReport, postpone } from './postpone.ts'
import { applyGroups, finish, handleAccounts } from './work.ts'

const box = { corpId: 'corp', stream: 'official', account: 'account' } as const
const task = { corpId: 'corp', stream: 'official', key: 'account' } as const
const telling: FailureReport = { log: 'postponed' }

let world: World
beforeEach(async () => {
  world = await startWorld({ synced: false })
  await world.ctx.queue.stop()
  await sql`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
    values ('corp', '', '', '', '', now())`.execute(world.ctx.db)
})
afterEach(() => world.close())

const now = () => new Date(world.ctx.now())

async function push(...entities: string[]): Promise<void> {
  const texts = { kind: 'text', payloadHash: '', raw: '', plain: '' }
  const events = entities.map(entity => ({ ...box, ...texts, entity, dedupeKey: entity }))
  await insertEvents(world.ctx.db, events, now())
}

const due = (at = now()) => dueEvents(world.ctx.db, box, at, 10)

async function takeLease(): Promise<Lease> {
  const node = { id: 'here', newId: world.ctx.newId, homes: world.ctx.homes, held: [] }
  const [claimed] = await claim(world.ctx.db, 'official', node, now(), 1)
  return claimed!.lease
}

const loseLease = () =>
  sql`update queue set lease = 'of another node', holder = 'another'`.execute(world.ctx.db)

async function stored(entity: string) {
  return world.ctx.db
    .selectFrom('inbox_event')
    .select(['state', 'attempts', 'error', 'next_attempt_at as nextAt'])
    .where('entity', '=', entity)
    .executeTakeFirstOrThrow()
}

/** Applies events in one transaction, and keeps which were tried together. */
function applier(lease: Lease, refused?: string) {
  const tried: string[][] = []
  const apply = async (groups: readonly { events: readonly DueEvent[] }[]) => {
    const events = groups.flatMap(group => group.events)
    tried.push(events.map(event => event.entity))
    await world.ctx.db.transaction().execute(async tx => {
      await finish(tx, world.ctx, lease, events)
      if (events.some(event => event.entity === refused)) throw new Error('refused')
    })
  }
  return { tried, apply }
}

const each = (events: DueEvent[]) => events.map(event => ({ events: [event] }))

it('applies events together, and one by one when one of them cannot be', async () => {
  await push('a', 'b', 'c')
  const lease = await takeLease()
  const { tried, apply } = applier(lease, 'b')
  await applyGroups(world.ctx, lease, telling, each(await due()), apply)
  expect(tried).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']])
  expect(await stored('a')).toMatchObject({ state: 'done', attempts: 1 })
  expect(await stored('b')).toMatchObject({ state: 'pending', attempts: 1, error: 'refused' })
  expect(await stored('c')).toMatchObject({ state: 'done', attempts: 1 })
})

it('tries again after twice as long each time, parks after eight attempts, and has people told', async () => {
  await push('a')
  const lease = await takeLease()
  const error = new Error(`${'长'.repeat(499)}😀`)
  const waits: number[] = []
  let at = world.ctx.now()
  const ctx = { ...world.ctx, now: () => at }
  for (let attempt = 1; attempt <= 8; attempt++) {
    const alertCheck = { corpId: 'corp', stream: 'alert-check', key: '' } as const
    expect(await taskState(world.ctx.db, alertCheck)).toBeUndefined()
    await postpone(ctx, lease, [{ events: await due(new Date(at)), error }], telling)
    const { nextAt, attempts, state } = await stored('a')
    waits.push((nextAt.getTime() - at) / 1000)
    expect({ attempts, state }).toEqual({ attempts: attempt, state: attempt < 8 ? 'pending' : 'parked' })
    at = nextAt.getTime()
    if (attempt === 8) expect(await taskState(world.ctx.db, alertCheck)).toBeDefined()
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128])
  // Half of a surrogate pair at the end would make the row unreadable.
  expect((await stored('a')).error).toBe(`${'长'.repeat(499)}\uFFFD`)
})

it('never parks what waits for an upstream that is away', async () => {
  await push('a')
  const lease = await takeLease()
  const away: FailureReport = {
    log: 'postponed',
    isOutage: () => true,
    wordsOf: () => ({ zh: '无法连接', en: 'away' }),
  }
  for (let attempt = 1; attempt <= 12; attempt++) {
    await postpone(world.ctx, lease, [{ events: await due(), error: new Error('no answer') }], away)
    world.clock.offsetMs += 300_000
  }
  expect(await stored('a')).toMatchObject({ state: 'pending', attempts: 12 })
  expect(JSON.parse((await stored('a')).error!)).toEqual({ zh: '无法连接', en: 'away' })
})

it('writes nothing any more once another node has the lease', async () => {
  await push('a', 'b')
  const lease = await takeLease()
  const events = await due()
  await loseLease()
  const { tried, apply } = applier(lease)
  await expect(applyGroups(world.ctx, lease, telling, each(events), apply)).rejects.toThrow(LeaseLost)
  expect(tried).toEqual([['a', 'b']])
  const failure = { events, error: new Error('refused') }
  await expect(postpone(world.ctx, lease, [failure], telling)).rejects.toThrow(LeaseLost)
  for (const entity of ['a', 'b'])
    expect(await stored(entity)).toMatchObject({ state: 'pending', attempts: 0, error: null })
})

it('waits for an account that this node has not read yet, and says when the next event is due', async () => {
  await push('a', 'b', 'c')
  const pushedAt = now()
  const queue = await createQueue(world.ctx)
  let isRead = false
  const rounds: string[][] = []
  handleAccounts(
    { ...world.ctx, queue },
    {
      name: 'official',
      batchEvents: 2,
      accountOf: ({ key }) => (isRead ? key : undefined),
      async work(account, events, { lease }) {
        expect(account).toBe('account')
        rounds.push(events.map(event => event.entity))
        const { apply } = applier(lease, 'c')
        await applyGroups(world.ctx, lease, telling, each(events), apply)
      },
    },
  )
  try {
    queue.start()
    await until('put off', async () => {
      const state = await taskState(world.ctx.db, task)
      return state?.nodeId === null && state.dueAt > pushedAt
    })
    expect(rounds).toEqual([])
    isRead = true
    world.clock.offsetMs += 1000
    queue.kick()
    await expect.poll(async () => (await stored('c')).attempts).toBe(1)
    expect(rounds).toEqual([['a', 'b'], ['c']])
    const { nextAt } = await stored('c')
    await expect.poll(async () => (await taskState(world.ctx.db, task))?.dueAt).toEqual(nextAt)
  } finally {
    await queue.stop()
  }
})
