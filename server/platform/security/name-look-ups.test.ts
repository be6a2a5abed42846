import type { LookupAddress } from 'node:dns'
import { beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../test/until.ts'
import { type Asker, createLookUps, type LookUps, type Resolver } from './name-look-ups.ts'

const minuteMs = 60_000
const good: LookupAddress[] = [{ address: '93.184.216.34', family: 4 }]
const answerWithinMs = 50

let lookUps: LookUps
let nowMs: number
/** What was asked of the system, in order, and how to answer it. */
let asked: { name: string; answer: Parameters<Resolver>[1] }[]
beforeEach(() => {
  nowMs = 1_800_000_000_000
  asked = []
  const resolve: Resolver = (name, answer) => void asked.push({ name, answer })
  lookUps = createLookUps({ resolve, now: () => nowMs, answerWithinMs })
})
const names = () => asked.map(one => one.name)
const developer = (of: string): Asker => ({ slot: 'developers', of })
/** The outcome of a look-up in a word. */
function find(name: string, asker: Asker): Promise<string> {
  return lookUps.find(name, asker).then(
    list => list[0]?.address ?? 'nowhere',
    error => error.reason ?? error.message,
  )
}
const answerLast = () => asked.at(-1)?.answer(null, good)

describe('look-ups of names that people entered', () => {
  it('are made one at a time for developers, one for servers, and in turns', async () => {
    const all = [
      find('a1.test', developer('a')),
      find('a2.test', developer('a')),
      find('a3.test', developer('a')),
      find('b1.test', developer('b')),
      find('mail.test', { slot: 'servers', of: 'a' }),
    ]
    expect(names()).toEqual(['a1.test', 'mail.test'])
    asked[1]?.answer(null, good)
    asked[0]?.answer(null, good)
    for (let n = 2; n < 5; n++) asked[n]?.answer(null, good)
    expect(await Promise.all(all)).toEqual(all.map(() => good[0]?.address))
    expect(names()).toEqual(['a1.test', 'mail.test', 'a2.test', 'b1.test', 'a3.test'])
  })

  it('keep their slot until the system returns, even if the caller gave up waiting', async () => {
    expect(await find('silent.test', developer('a'))).toBe('silent')
    const other = find('b.test', developer('b'))
    expect(await find('silent.test', developer('c'))).toBe('silent')
    expect(names()).toEqual(['silent.test'])
    asked[0]?.answer(null, good)
    expect(names()).toEqual(['silent.test', 'b.test'])
    answerLast()
    expect(await other).toBe(good[0]?.address)
    // What came late is an answer all the same.
    expect(await find('silent.test', developer('a'))).toBe(good[0]?.address)
  })

  it('pause for 1, 2, 4 … 60 minutes after a silent name, for its asker alone', async () => {
    const lengths: number[] = []
    for (let n = 0; n < 8; n++) {
      expect(await find(`silent${n}.test`, developer('a'))).toBe('silent')
      asked.at(-1)?.answer(new Error('no answer'), [])
      const startedAt = nowMs
      for (let isPaused = true; isPaused; nowMs += isPaused ? minuteMs : 0) {
        const next = find('next.test', developer('a'))
        if (asked.at(-1)?.name === 'next.test') asked.at(-1)?.answer(new Error('unknown'), [])
        isPaused = (await next) === 'paused'
      }
      lengths.push((nowMs - startedAt) / minuteMs)
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect(await find('silent9.test', developer('a'))).toBe('silent')
    asked.at(-1)?.answer(new Error('no answer'), [])
    const other = find('b.test', developer('b'))
    answerLast()
    expect(await other).toBe(good[0]?.address)
    nowMs += 181 * minuteMs
    expect(await find('silent10.test', developer('a'))).toBe('silent')
    asked.at(-1)?.answer(new Error('no answer'), [])
    nowMs += minuteMs
    const forgotten = find('c.test', developer('a'))
    answerLast()
    expect(await forgotten).toBe(good[0]?.address)
  })

  it('of the same asker that wait behind a silent name are not made', async () => {
    const [silent, behind] = [find('silent.test', developer('a')), find('behind.test', developer('a'))]
    expect(await Promise.all([silent, behind])).toEqual(['silent', 'paused'])
    asked[0]?.answer(new Error('no answer'), [])
    expect(names()).toEqual(['silent.test'])
  })

  it('are remembered when they were good, and stand in for what does not come', async () => {
    const first = find('Good.test', developer('a'))
    answerLast()
    await first
    expect(await find('good.test', developer('b'))).toBe(good[0]?.address)
    expect(asked).toHaveLength(1)
    expect(lookUps.known('GOOD.test')).toEqual(good)
    nowMs += 2 * minuteMs
    expect(await find('good.test', developer('b'))).toBe(good[0]?.address)
    expect(asked).toHaveLength(2)
    asked[1]?.answer(new Error('no answer'), [])
    nowMs += 2 * minuteMs
    const gone = find('good.test', developer('b'))
    asked[2]?.answer(new Error('ENOTFOUND'), [])
    expect(await gone).toBe('ENOTFOUND')
    nowMs += 60 * minuteMs
    expect(lookUps.known('good.test')).toBeUndefined()
  })

  it('wait in bounded queues', async () => {
    void find('silent.test', developer('a'))
    const own = Array.from({ length: 52 }, (_, n) => find(`b${n}.test`, developer('b')))
    expect(await Promise.all(own.slice(50))).toEqual(['busy', 'busy'])
    const others = Array.from({ length: 960 }, (_, n) => find(`c${n}.test`, developer(`c${n}`)))
    expect(await Promise.all(others.slice(950))).toEqual(Array(10).fill('busy'))
    // Ends the timers of all who wait.
    for (let n = 0; n < asked.length; n++) asked[n]?.answer(null, good)
    await until('all', async () => (await Promise.all([...own, ...others])).length > 0)
  })
})
