import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { behindOthers, inBackground } from '../../../platform/operation/background.ts'
import { NoAnswer } from '../no-answer.ts'
import { createUpstreamPool } from '../pool.ts'
import { request } from '../request.ts'
import { addressLimit, createAllowance, type Neighbours } from './allowance.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const limit = { burst: 10, perSecond: 10 }
const waited: string[] = []
const metrics = { countWait: (lane: string, outcome: string) => void waited.push(`${lane} ${outcome}`) }

function allowanceOf(neighbours: Neighbours = { others: 0, calling: 0 }) {
  waited.length = 0
  const waitMs = { foreground: 5000, background: 120_000 }
  return createAllowance({ neighbours: () => neighbours, metrics, now: Date.now, limit, waitMs })
}

it('never lets out more than an address may call, in a minute or an hour', () => {
  expect(addressLimit.burst + 60 * addressLimit.perSecond).toBeLessThanOrEqual(20_000)
  expect(addressLimit.burst + 3600 * addressLimit.perSecond).toBeLessThanOrEqual(600_000)
})

it('lets a burst through at once, the rest at its rate, each path for itself, and what people wait for first', async () => {
  const { take } = allowanceOf()
  for (let n = 0; n < 10; n++) await take('https://a', '/x')
  const order: string[] = []
  const calls = [
    ...[1, 2].map(n => inBackground(() => take('https://a', '/x').then(() => void order.push(`sync ${n}`)))),
    ...[1, 2].map(n => take('https://a', '/x').then(() => void order.push(`person ${n}`))),
  ]
  await take('https://a', '/y')
  await take('https://b', '/x')
  await vi.advanceTimersByTimeAsync(250)
  expect(order).toEqual(['person 1', 'person 2'])
  await vi.advanceTimersByTimeAsync(250)
  await Promise.all(calls)
  expect(order).toEqual(['person 1', 'person 2', 'sync 1', 'sync 2'])
  expect(waited).toEqual(['foreground let', 'foreground let', 'background let', 'background let'])
})

it('is shared with the nodes of the same address: the burst with all, the rate with those that call', async () => {
  const { take, takeIsCalling } = allowanceOf({ others: 1, calling: 1 })
  for (let n = 0; n < 5; n++) await take('https://a', '/x')
  let isLet = false
  const sixth = take('https://a', '/x').then(() => {
    isLet = true
  })
  await vi.advanceTimersByTimeAsync(150)
  expect(isLet).toBe(false)
  await vi.advanceTimersByTimeAsync(60)
  await sixth
  expect(takeIsCalling()).toBe(false)
  const busy = createAllowance({ neighbours: () => ({ others: 0, calling: 0 }) })
  for (let n = 0; n < 16; n++) await busy.take('https://a', '/x')
  expect([busy.takeIsCalling(), busy.takeIsCalling()]).toEqual([true, false])
})

it('ends the waiting with an error that says that nothing was asked, or with the signal', async () => {
  const allowance = allowanceOf({ others: 0, calling: 1_000_000 })
  for (let n = 0; n < 10; n++) await allowance.take('https://a', '/x')
  const { dispatcher, close } = createUpstreamPool()
  const call = {
    origin: 'https://a',
    target: '/x?access_token=t',
    path: '/x',
    method: 'GET' as const,
    pool: { dispatcher, allowance },
    failure: NoAnswer,
    timeoutMs: 1000,
  }
  const failed = expect(request(call)).rejects.toMatchObject({
    reason: 'limit',
    ambiguous: false,
    path: '/x',
  })
  await vi.advanceTimersByTimeAsync(5001)
  await failed
  // What waits behind others holds a place in its corp's line, and gives it up as soon.
  const late = expect(behindOthers(() => request(call))).rejects.toMatchObject({ reason: 'limit' })
  await vi.advanceTimersByTimeAsync(5001)
  await late
  const stop = new AbortController()
  const stopped = expect(request({ ...call, signal: stop.signal })).rejects.toThrow('enough')
  stop.abort(new Error('enough'))
  await stopped
  expect(waited).toEqual(['foreground refused', 'background refused', 'foreground refused'])
  await close()
})
