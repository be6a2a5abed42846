import { expect, it } from 'vitest'
import { byAddress, only } from './part.ts'

it('who stays in a part shares an address with the same people as before', () => {
  const part = { userIds: ['x', 'a', 'b', 'c', 'y'], memberIds: [1, 2, 3, 4, 5], shared: ['b', 'c'] }
  expect(byAddress(part)).toEqual([['x'], ['a', 'b', 'c'], ['y']])
  const left = only(part, userId => userId !== 'a')
  expect(left).toEqual({ userIds: ['x', 'b', 'c', 'y'], memberIds: [1, 3, 4, 5], shared: ['c'] })
  expect(byAddress(left)).toEqual([['x'], ['b', 'c'], ['y']])
  expect(only(part, userId => 'xby'.includes(userId)).shared).toBeNull()
  expect(only({ userIds: ['@all'], memberIds: [] }, () => true).memberIds).toEqual([])
})
