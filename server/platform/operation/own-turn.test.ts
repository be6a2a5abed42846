import { expect, it } from 'vitest'
import { ownTurn } from './own-turn.ts'

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
