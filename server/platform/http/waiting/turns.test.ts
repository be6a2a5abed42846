import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

const limits = { atOnce: 1, waitingAtMost: 2, waitMs: 60_000 }
const answer = () => new EventEmitter()

describe('turns', () => {
  it('come in order, to each key for itself', async () => {
    const turns = createTurns(limits)
    const end = await turns.take('a', answer())
    const order: string[] = []
    const waiting = ['first', 'second'].map(async name => {
      const endOwn = await turns.take('a', answer())
      order.push(name)
      endOwn?.()
    })
    expect(await turns.take('a', answer())).toBeUndefined()
    expect(await turns.take('b', answer())).toBeTypeOf('function')
    expect(order).toEqual([])
    end?.()
    await Promise.all(waiting)
    expect(order).toEqual(['first', 'second'])
    expect(await turns.take('a', answer())).toBeTypeOf('function')
  })

  it('are not waited for without end', async () => {
    const turns = createTurns({ ...limits, waitMs: 20 })
    const end = await turns.take('a', answer())
    expect(await turns.take('a', answer())).toBeUndefined()
    end?.()
    expect(await turns.take('a', answer())).toBeTypeOf('function')
  })

  it('are not kept for those who hung up', async () => {
    const turns = createTurns(limits)
    const end = await turns.take('a', answer())
    const gone = answer()
    const left = turns.take('a', gone)
    const stays = turns.take('a', answer())
    gone.emit('close')
    expect(await left).toBeUndefined()
    end?.()
    const last = await stays
    expect(last).toBeTypeOf('function')
    expect(gone.listenerCount('close')).toBe(0)
  })
})
