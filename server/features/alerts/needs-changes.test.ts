import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { askedBy, createNeedsChanges, keyOf, type NeedsChanges } from './needs-changes.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

type NeedsContext = Parameters<typeof createNeedsChanges>[0]

async function start(): Promise<{ changes: NeedsChanges; signal: (payload: string) => void }> {
  let signal = (_: string) => {}
  const bus = {
    listen: async (_: string, onSignal: typeof signal) => {
      signal = onSignal
    },
  }
  const given = { bus, now: Date.now, stopping: new AbortController().signal } as unknown as NeedsContext
  return { changes: await createNeedsChanges(given), signal: payload => signal(payload) }
}

const corp = { corpId: 'wwA', withInstallation: false }
const other = { corpId: 'wwB', withInstallation: false }
const installation = { corpId: 'wwA', withInstallation: true }

/** Pages that wait under this key until the test is over, and how often what they see was counted. */
function waitOn(changes: NeedsChanges, seen: typeof corp, actors: readonly string[], over: AbortSignal) {
  const counted = { times: 0 }
  const count = async () => {
    counted.times++
    await Promise.resolve()
    return 1
  }
  const shared = () => changes.countOf(seen, count)
  for (const actor of actors) void changes.next(keyOf(seen) + actor, 1, shared, over)
  return counted
}

it('counts once for all who see the same, and a few times while acts follow each other', async () => {
  const { changes, signal } = await start()
  const over = new AbortController()
  const own = waitOn(changes, corp, ['a', 'b', 'c', 'd', 'e', 'f'], over.signal)
  const others = waitOn(changes, other, ['a'], over.signal)
  await pass(50)
  expect([own.times, others.times]).toEqual([1, 1])
  for (let n = 0; n < 500; n++) {
    signal('wwA')
    if (n % 100 === 0) await pass(20)
  }
  await pass(600)
  expect(own.times).toBeGreaterThan(1)
  expect(own.times).toBeLessThan(5)
  expect(others.times).toBe(1)
  over.abort()
})

it('has only those count again after an act of the installation who see that, and all after a look for many corps', async () => {
  const { changes, signal } = await start()
  const over = new AbortController()
  const counted = [corp, other, installation].map(seen => waitOn(changes, seen, ['a'], over.signal))
  const times = () => counted.map(one => one.times)
  await pass(50)
  signal('')
  await pass(400)
  expect(times()).toEqual([1, 1, 2])
  signal('looked ')
  await pass(400)
  expect(times()).toEqual([2, 2, 3])
  over.abort()
})

it('has an open corp ask for the look, because the tasks of suspended ones are held back', () => {
  const suspended = new Set(['wwA'])
  const all = ['wwA', 'wwB', 'wwC'].map(corpId => ({ corpId }))
  const corps = {
    all: () => all,
    closureOf: (corpId: string) => (suspended.has(corpId) ? { kind: 'suspended' } : undefined),
  }
  const ctx = { corps, homes: { isHere: (corpId: string) => corpId === 'wwC' } } as unknown as Parameters<
    typeof askedBy
  >[0]
  expect(askedBy(ctx, ['wwA', 'wwB'])).toBe('wwB')
  expect(askedBy(ctx, ['wwA', ''])).toBe('wwC')
  expect(askedBy(ctx, ['wwA'])).toBeUndefined()
  expect(askedBy(ctx, [])).toBeUndefined()
})
