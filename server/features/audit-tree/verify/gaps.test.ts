import { expect, it } from 'vitest'
import { createGaps } from './gaps.ts'

const day = 86_400_000
const now = Date.UTC(2026, 11, 1)

it('tells what no statement names, and what was said to be old too early', () => {
  const gaps = createGaps(index => new Date(now - (index < 1000 ? 500 : 100) * day))
  const at = new Date(now)
  gaps.said(
    {
      what: 'age',
      source: 'audit',
      indexes: [
        [0, 9],
        [20, 29],
      ],
    },
    5000,
    at,
  )
  gaps.said(
    {
      what: 'age',
      source: 'audit',
      indexes: [
        [5, 6],
        [2000, 2000],
      ],
    },
    5001,
    at,
  )
  gaps.said({ what: 'erased', indexes: [[7, 8]], reason: '', by: '' }, 5002, at)
  for (const index of [0, 6, 9, 10, 25, 30, 2000]) gaps.missing({ index, source: 'audit', rowId: `${index}` })
  gaps.missing({ index: 21, source: 'refusal', rowId: 'r' })
  for (const index of [6, 7, 9]) gaps.erased({ index, source: 'audit', rowId: `${index}` })
  gaps.said({ what: 'age', source: 'audit', indexes: [[30, 30]] }, 5003, at)
  expect(gaps.findings().map(one => [one.what, one.indexes?.[0]])).toEqual([
    ['removed', 10],
    ['removed', 21],
    ['removedEarly', 2000],
    ['erasedUnsaid', 6],
    ['erasedUnsaid', 9],
  ])
})

it('takes a million rows that age took one by one', () => {
  const gaps = createGaps(() => undefined)
  const rows = 1_000_000
  for (let from = 0; from < rows; from += 1000)
    gaps.said(
      {
        what: 'age',
        source: 'data_read',
        indexes: Array.from({ length: 500 }, (_, n) => [from + 2 * n, from + 2 * n]),
      },
      rows,
      new Date(now),
    )
  for (let index = 0; index < rows; index += 2) gaps.missing({ index, source: 'data_read', rowId: '1' })
  expect(gaps.findings()).toEqual([])
})
