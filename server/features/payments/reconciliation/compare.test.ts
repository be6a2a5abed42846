import { expect, it } from 'vitest'
import { compare, sumOf } from './compare.ts'

it('tells the four cases apart', () => {
  const theirs = [
    { number: 'equal', amount: 100 },
    { number: 'there', amount: 200 },
    { number: 'other', amount: 300 },
    { number: 'paid at midnight', amount: 400 },
  ]
  const ours = new Map([
    ['equal', 100],
    ['other', 301],
    ['paid at midnight', 400],
    ['here', 500],
  ])
  const oursOfDay = [...ours]
    .filter(([number]) => number !== 'paid at midnight')
    .map(([number, amount]) => ({ number, amount }))
  expect(compare(theirs, ours, oursOfDay)).toEqual({
    equal: 2,
    differences: [
      { number: 'there', difference: 'thereOnly', theirs: 200, ours: null },
      { number: 'other', difference: 'amount', theirs: 300, ours: 301 },
      { number: 'here', difference: 'hereOnly', theirs: null, ours: 500 },
    ],
  })
  expect(compare([], new Map(), [])).toEqual({ equal: 0, differences: [] })
  expect(sumOf(theirs)).toBe(1000)
})
