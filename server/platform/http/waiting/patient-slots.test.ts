import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createPatientSlots } from './slots.ts'

const limits = { atOnce: 1, waitingAtMost: 2, waitMs: 60_000 }
const answer = () => new EventEmitter()

describe('slots that requests wait for', () => {
  it('come in order, to each key for itself', async () => {
    const slots = createPatientSlots(limits)
    const end = await slots.take('a', answer())
    const order: string[] = []
    const waiting = ['first', 'second'].map(async name => {
      const endOwn = await slots.take('a', answer())
      order.push(name)
      endOwn?.()
    })
    expect(await slots.take('a', answer())).toBeUndefined()
    expect(await slots.take('b', answer())).toBeTypeOf('function')
    expect(order).toEqual([])
    end?.()
    await Promise.all(waiting)
    expect(order).toEqual(['first', 'second'])
    expect(await slots.take('a', answer())).toBeTypeOf('function')
  })

  it('are not waited for without end', async () => {
    const slots = createPatientSlots({ ...limits, waitMs: 20 })
    const end = await slots.take('a', answer())
    expect(await slots.take('a', answer())).toBeUndefined()
    end?.()
    expect(await slots.take('a', answer())).toBeTypeOf('function')
  })

  it('are not kept for those who hung up', async () => {
    const slots = createPatientSlots(limits)
    const end = await slots.take('a', answer())
    const gone = answer()
    const left = slots.take('a', gone)
    const stays = slots.take('a', answer())
    gone.emit('close')
    expect(await left).toBeUndefined()
    end?.()
    const last = await stays
    expect(last).toBeTypeOf('function')
    expect(gone.listenerCount('close')).toBe(0)
    expect(await slots.take('a', Object.assign(answer(), { destroyed: true }))).toBeUndefined()
  })

  it('leave the places of those who gave up to others, however many come and go', async () => {
    const slots = createPatientSlots({ ...limits, waitingAtMost: 1, waitMs: 20 })
    const end = await slots.take('a', answer())
    for (let n = 0; n < 5; n++) {
      const gone = answer()
      const left = slots.take('a', gone)
      gone.emit('close')
      expect(await left).toBeUndefined()
    }
    expect(await slots.take('a', answer())).toBeUndefined()
    const stays = slots.take('a', answer())
    expect(await slots.take('a', answer())).toBeUndefined()
    end?.()
    const last = await stays
    expect(last).toBeTypeOf('function')
    last?.()
    // The slots of all others have come back: exactly one is free.
    expect(await slots.take('a', answer())).toBeTypeOf('function')
    expect(await slots.take('a', answer())).toBeUndefined()
  })
})
