import { expect, it } from 'vitest'
import { WaitingLine } from './waiting-line.ts'

it('lets what was just asked for go first, and of four the last to those who wait behind', () => {
  const line = new WaitingLine<string>()
  const take = (count: number) => Array.from({ length: count }, () => line.take())
  for (const name of ['late 1', 'late 2', 'late 3']) line.add(name, true)
  for (let n = 1; n <= 7; n++) line.add(`new ${n}`, false)
  expect(line.delete('new 2')).toBe(true)
  expect(take(8)).toEqual(['new 1', 'new 3', 'new 4', 'late 1', 'new 5', 'new 6', 'new 7', 'late 2'])
  expect(line.delete('new 1')).toBe(false)
  line.add('new 8', false)
  expect(take(3)).toEqual(['new 8', 'late 3', undefined])
  expect(line.size).toBe(0)
})
