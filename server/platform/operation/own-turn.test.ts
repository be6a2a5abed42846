import { expect, it } from 'vitest'
import { createTurns, ownTurn } from './own-turn.ts'

it('gives each piece of work a turn of the event loop, in order', async () => {
  let turn = 0
  let isDone = false
  const count = () => {
    turn++
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  const turns = await Promise.all(['a', 'b', 'c'].map(name => ownTurn().then(() => ({ name, turn }))))
  isDone = true
  expect(turns.map(one => one.name)).toEqual(['a', 'b', 'c'])
  expect(new Set(turns.map(one => one.turn)).size).toBe(3)
  await ownTurn()
})

it('alternates between those who bring pieces of work', async () => {
  const takeTurn = createTurns()
  const done: string[] = []
  const piece = (name: string, of: string) =>
    new Promise<void>(resolve => takeTurn(() => resolve(void done.push(name)), of))
  const many = Array.from({ length: 50 }, (_, n) => piece(`many ${n}`, 'many'))
  await Promise.all([...many, piece('one', 'other'), piece('two', 'other')])
  expect([done.indexOf('one'), done.indexOf('two'), done.length]).toEqual([1, 3, 52])
})

it('rests after a long piece, as long as that took', async () => {
  const busy = (ms: number) => {
    const until = performance.now() + ms
    while (performance.now() < until);
  }
  const began: number[] = []
  const ended: number[] = []
  const piece = async () => {
    await ownTurn()
    began.push(performance.now())
    busy(20)
    ended.push(performance.now())
  }
  await Promise.all([piece(), piece(), piece()])
  const rests = began.slice(1).map((at, n) => at - ended[n]!)
  expect(Math.min(...rests)).toBeGreaterThanOrEqual(18)
  // A piece that comes while nobody waits rests as well.
  const late = piece()
  await late
  expect(began[3]! - ended[2]!).toBeGreaterThanOrEqual(18)
})
