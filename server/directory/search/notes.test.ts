import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Notes } from './notes.ts'

type Step = { kind: 'set' | 'drop'; ordinal: number } | { kind: 'take' }

const ordinal = fc.nat(5)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), ordinal }),
  fc.record({ kind: fc.constant('drop' as const), ordinal }),
  fc.constant({ kind: 'take' as const }),
)

it('holds what a map holds, and gives the newest note of each', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const notes = new Notes<number>()
      const model = new Map<number, number>()
      steps.forEach((one, n) => {
        if (one.kind === 'set') {
          notes.set(one.ordinal, n)
          model.set(one.ordinal, n)
        } else if (one.kind === 'drop') {
          notes.drop(one.ordinal)
          model.delete(one.ordinal)
        } else {
          const taken = notes.take()
          if (!taken) expect(model.size).toBe(0)
          else {
            expect(taken.note).toBe(model.get(taken.ordinal))
            model.delete(taken.ordinal)
          }
        }
        expect(notes.size).toBe(model.size)
      })
    }),
    { numRuns: 500 },
  )
})

it('gives the oldest first', () => {
  const notes = new Notes<string>()
  for (const ordinal of [7, 3, 9, 3]) notes.set(ordinal, `note ${ordinal}`)
  expect([notes.take(), notes.take(), notes.take()].map(one => one?.ordinal)).toEqual([7, 3, 9])
  expect(notes.take()).toBeUndefined()
  notes.set(3, 'again')
  expect(notes.take()).toEqual({ ordinal: 3, note: 'again' })
})
