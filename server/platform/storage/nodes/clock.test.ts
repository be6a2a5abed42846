import { describe, expect, it } from 'vitest'
import { createClock } from './clock.ts'

describe('the clock of the database', () => {
  /** A machine whose clock can be set, and a database that answers `rttMs` later with the right time. */
  function machine(offMs: number) {
    let off = offMs
    const clock = createClock(() => Date.now() + off)
    return {
      clock,
      set(ms: number) {
        off = ms
      },
      ask(rttMs = 2, databaseMs = Date.now()) {
        const heardAt = performance.now()
        clock.measure(databaseMs, heardAt - rttMs, heardAt)
      },
    }
  }
  const far = (ms: number) => Math.abs(ms - Date.now())

  it.each([600_000, -600_000])('is told from that of a machine which is %i ms ahead', offMs => {
    const { clock, ask } = machine(offMs)
    expect(far(clock.now())).toBeGreaterThan(599_000)
    ask()
    expect(far(clock.now())).toBeLessThan(20)
    expect(Math.abs(clock.aheadMs() - offMs)).toBeLessThan(20)
  })

  it('goes on as it was when somebody sets the machine’s clock between two answers', () => {
    const { clock, ask, set } = machine(0)
    ask()
    set(3_600_000)
    expect(far(clock.now())).toBeLessThan(20)
    expect(Math.abs(clock.aheadMs() - 3_600_000)).toBeLessThan(20)
  })

  it('is not made worse by an answer that took long', () => {
    const { clock, ask } = machine(0)
    ask()
    const heardAt = performance.now()
    // The database answered at once, and its answer was late.
    clock.measure(Date.now() - 4990, heardAt - 5000, heardAt)
    expect(far(clock.now())).toBeLessThan(50)
  })

  it('follows a database that another server has taken over, whose clock is another', () => {
    const { clock, ask } = machine(0)
    ask()
    ask(2, Date.now() - 30_000)
    expect(far(clock.now())).toBeGreaterThan(29_900)
    expect(clock.aheadMs()).toBeGreaterThan(29_900)
  })

  it('is in whole milliseconds', () => {
    const { clock, ask } = machine(0.25)
    ask()
    expect(Number.isInteger(clock.now())).toBe(true)
  })
})
