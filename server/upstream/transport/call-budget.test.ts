import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import { type Server, startServer } from '../../server.ts'
import { type CallLimits, createCallBudget, LimitReached } from './call-budget.ts'

let world: World
let other: Server
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  const now = () => Date.now() + world.clock.offsetMs
  other = await startServer(readConfig(world.env), { log: createLog('silent'), now })
})
afterAll(async () => {
  await other.close()
  await world.close()
})
beforeEach(async () => {
  world.clock.offsetMs = 0
  await world.ctx.db.deleteFrom('attempt_counter').execute()
})

const limits: CallLimits = {
  perOwner: { perMinute: 3, perHour: 5 },
  perAddress: { perMinute: 5, perHour: 100 },
}
const origin = 'https://vendor.example'
const budgetOf = (node: 'here' | 'there', owner: string, given: CallLimits | undefined = limits) =>
  createCallBudget(node === 'here' ? world.ctx : other.ctx, { origin, owner }, given)

/** How many of so many calls at once may be made. */
async function taken(budgets: ReturnType<typeof budgetOf>[], path: string, times: number): Promise<number> {
  const calls = Array.from({ length: times }, (_, n) => budgets[n % budgets.length]!.take(path))
  const done = await Promise.allSettled(calls)
  for (const one of done) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(LimitReached)
  return done.filter(one => one.status === 'fulfilled').length
}
const stored = () => world.ctx.db.selectFrom('attempt_counter').select(['purpose', 'count']).execute()

it('limits one call of one corp a minute and an hour on all nodes together', async () => {
  const nodes = [budgetOf('here', 'a'), budgetOf('there', 'a')]
  expect(await taken(nodes, '/x', 20)).toBe(3)
  expect(await taken([budgetOf('there', 'a')], '/x', 1)).toBe(0)
  expect(await taken(nodes, '/y', 20)).toBe(3)
  expect(await taken([budgetOf('there', 'b')], '/x', 1)).toBe(1)
})

it('limits one call of all corps by the address that they share', async () => {
  const three = ['a', 'b', 'c'].map((owner, n) => budgetOf(n % 2 ? 'here' : 'there', owner))
  const counts: number[] = []
  for (const one of three) counts.push(await taken([one], '/x', 10))
  expect(counts).toEqual([3, 2, 0])
  expect(await taken([three[2]!], '/y', 10)).toBe(3)
})

it('uses up nothing of the hour by what the minute refuses', async () => {
  const one = budgetOf('here', 'a')
  for (let n = 0; n < 3; n++) await one.take('/x')
  for (let n = 0; n < 5; n++) expect(await taken([budgetOf('there', 'a')], '/x', 1)).toBe(0)
  world.clock.offsetMs += 61_000
  expect(await taken([one], '/x', 1)).toBe(1)
  expect(await taken([one], '/x', 1)).toBe(1)
  await expect(one.take('/x')).rejects.toMatchObject({ retryAfterSeconds: expect.any(Number) })
  world.clock.offsetMs += 61_000
  expect(() => one.check('/x')).toThrow(LimitReached)
  world.clock.offsetMs += 3_600_000
  expect(await taken([one], '/x', 1)).toBe(1)
})

it('waits a minute on all nodes after the vendor has refused, with or without limits of its own', async () => {
  for (const given of [limits, undefined]) {
    await world.ctx.db.deleteFrom('attempt_counter').execute()
    const [here, there] = [budgetOf('here', 'a', given), budgetOf('there', 'a', given)]
    await here.noteUsedUp('/x')
    expect(() => here.check('/x')).toThrow(expect.objectContaining({ retryAfterSeconds: 60 }))
    expect(await taken([there], '/x', 1)).toBe(0)
    expect(await taken([budgetOf('there', 'b', given)], '/x', 1)).toBe(1)
    world.clock.offsetMs += 61_000
    expect(await taken([here, there], '/x', 2)).toBe(2)
  }
})

it('asks the database for a call that is refused once a node, and leaves rows that have an end', async () => {
  const one = budgetOf('here', 'a')
  await taken([one], '/x', 4)
  const before = await stored()
  expect(await taken([one], '/x', 50)).toBe(0)
  expect(await stored()).toEqual(before)
  const ends = await world.ctx.db.selectFrom('attempt_counter').select('ends_at').execute()
  expect(ends).toHaveLength(4)
  for (const { ends_at } of ends) expect(ends_at.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000)
})
