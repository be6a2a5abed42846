import { expect, it } from 'vitest'
import { createSlots } from './slots.ts'

/** Calls that end when the test says so. */
function createCalls() {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const call = (name: string) => () => {
    begun.push(name)
    return new Promise<string>(resolve => ends.set(name, () => resolve(name)))
  }
  return { begun, call, end: (name: string) => ends.get(name)?.() }
}

it('lets a few calls of one subject work, and others in their order', async () => {
  const withSlot = createSlots(2, 10)
  const { begun, call, end } = createCalls()
  const results = ['a', 'b', 'c', 'd'].map(name => withSlot('one', call(name)))
  expect(begun).toEqual(['a', 'b'])
  end('b')
  expect(await results[1]).toBe('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  end('c')
  expect(await results[2]).toBe('c')
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

it('makes nobody wait for another subject, nor for an answer from memory', async () => {
  const withSlot = createSlots(1, 10)
  const { begun, call } = createCalls()
  void withSlot('one', call('a'))
  void withSlot('two', call('b'))
  expect(begun).toEqual(['a', 'b'])
  for (let n = 0; n < 5; n++) expect(withSlot('three', () => n)).toBe(n)
})

it('refuses what is beyond the queue, and counts failures as ended', async () => {
  const withSlot = createSlots(1, 1)
  const { call, end } = createCalls()
  const first = withSlot('one', call('a'))
  const waiting = withSlot('one', async () => {
    throw new Error('broken')
  })
  expect(() => withSlot('one', call('c'))).toThrow(/同时处理的请求过多/)
  end('a')
  await first
  await expect(waiting).rejects.toThrow('broken')
  expect(() =>
    withSlot('one', () => {
      throw new Error('at once')
    }),
  ).toThrow('at once')
  expect(withSlot('one', () => 1)).toBe(1)
})
