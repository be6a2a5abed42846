import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Throttle } from './throttle.ts'

test('whatever is started, held or aborted: never over the limit, first come first served, nobody forgotten', async () => {
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('run' as const), turns: fc.nat(4), abort: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('slow' as const), turns: fc.nat(6), abort: fc.boolean() }),
    },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(command, { maxLength: 40 }),
      async (ceiling, commands) => {
        const throttle = new Throttle(ceiling)
        let running = 0
        let lastMark = 0
        const pending: Promise<unknown>[] = []
        for (const { kind, turns, abort } of commands) {
          if (kind === 'slow') {
            throttle.slowDown(lastMark, pass(turns))
            continue
          }
          const stop = new AbortController()
          const work = throttle.run(async mark => {
            lastMark = mark
            expect(++running).toBeLessThanOrEqual(ceiling)
            await pass(turns)
            running--
            throttle.succeeded(mark)
          }, stop.signal)
          pending.push(work.catch(error => expect(error).toBe(stop.signal.reason)))
          if (abort) void pass(turns).then(() => stop.abort(new Error('stop')))
          if (turns === 0) await turn()
        }
        await Promise.all(pending)
        await pass(8)
        let all = 0
        await Promise.all(Array.from({ length: 20 }, () => throttle.run(async () => void all++)))
        expect(all).toBe(20)
      },
    ),
    { numRuns: 200 },
  )
})

test('a turn that comes while its waiter is being aborted goes to the next', async () => {
  for (let ticks = 0; ticks < 12; ticks++) {
    const throttle = new Throttle(1)
    let release: () => void = () => undefined
    const first = throttle.run(
      () =>
        new Promise<void>(resolve => {
          release = resolve
        }),
    )
    await turn()
    const stop = new AbortController()
    const second = throttle.run(async () => undefined, stop.signal).catch(() => undefined)
    let served = false
    const third = throttle.run(async () => {
      served = true
    })
    await turn()
    stop.abort(new Error('stop'))
    for (let i = 0; i < ticks; i++) await Promise.resolve()
    release()
    await Promise.all([first, second, pass(10)])
    expect(served, `${ticks} ticks`).toBe(true)
    await third
  }
})

test('first come, first served', async () => {
  const throttle = new Throttle(1)
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      throttle.run(async () => {
        order.push(i)
        await turn()
      }),
    ),
  )
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('refusals of calls that ran together halve the concurrency once', async () => {
  const throttle = new Throttle(8)
  await Promise.all(
    Array.from({ length: 8 }, () =>
      throttle.run(async mark => {
        await turn()
        throttle.slowDown(mark, Promise.resolve())
      }),
    ),
  )
  expect(throttle.concurrency).toBe(4)
  expect(throttle.consecutiveSlowdowns).toBe(1)
  await throttle.run(async mark => throttle.slowDown(mark, Promise.resolve()))
  await throttle.run(async mark => throttle.slowDown(mark, Promise.reject(new Error('aborted'))))
  await throttle.run(async mark => throttle.slowDown(mark, Promise.resolve()))
  expect(throttle.concurrency).toBe(1)
  const grown: number[] = []
  for (let i = 0; i < 1 + 2 + 3 + 4 + 5 + 6 + 7; i++) {
    await throttle.run(async mark => throttle.succeeded(mark))
    grown.push(throttle.concurrency)
  }
  expect(grown.slice(0, 7)).toEqual([2, 2, 3, 3, 3, 4, 4])
  expect(throttle.concurrency).toBe(8)
})

async function pass(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await turn()
}
