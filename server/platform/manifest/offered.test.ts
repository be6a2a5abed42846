import { expect, it } from 'vitest'
import type { AnyFeature } from './feature.ts'
import { offeredBy } from './offered.ts'
import type { WaitingRow } from './waiting.ts'

it('a feature that cannot say what waits takes no other row with it', async () => {
  const row: WaitingRow = {
    icon: 'bill',
    title: { zh: '账单', en: 'Bills' },
    count: 2,
    link: { to: 'messages' },
  }
  const error = new Error('broken')
  const offered = offeredBy(
    [
      { name: 'first', waiting: () => Promise.reject(error) },
      {
        name: 'second',
        waiting() {
          throw error
        },
      },
      { name: 'third' },
      { name: 'fourth', waiting: async () => [row] },
    ] satisfies AnyFeature[],
    () => ({}),
  )
  const person = { corpId: 'c', roleLevel: 0, assigned: [], member: undefined, adminName: 'admin' }
  expect(await offered.waiting('c', person)).toEqual({
    rows: [row],
    failures: [
      { feature: 'second', error },
      { feature: 'first', error },
    ],
  })
})
