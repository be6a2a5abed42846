import { beforeEach, expect, it } from 'vitest'
import { createAnswering, type UpstreamHealth } from './answering.ts'

let now = 0
let told: string[]
let answering: UpstreamHealth
beforeEach(() => {
  now = 1_000_000
  told = []
  answering = createAnswering(() => now)
  answering.follow((name, silence) =>
    told.push(silence ? `${name} silent ${silence.why}` : `${name} answers`),
  )
})

it('lets few begin before anything was heard, all afterwards, and few again when that is long ago', () => {
  expect(answering.room('wecom', 16)).toBe(2)
  answering.heard('wecom')
  expect(answering.room('wecom', 16)).toBe(16)
  expect(answering.room('wecom', 1)).toBe(1)
  now += 60_001
  expect(answering.room('wecom', 16)).toBe(2)
})

it('holds all back once two got no answer and nobody one; another upstream is another matter', () => {
  answering.missed('wecom', 'corp1', '')
  answering.missed('wecom', 'corp1', '')
  expect(answering.room('wecom', 16)).toBe(2)
  answering.heard('wecom')
  answering.missed('wecom', 'corp2', '')
  expect(answering.silence('wecom')).toBeUndefined()
  answering.missed('wecom', 'corp3', 'timeout')
  expect(answering.room('wecom', 16)).toBe(0)
  expect(answering.room('official', 16)).toBe(2)
  expect(told).toEqual(['wecom silent timeout'])
})

it('is asked about after times that double up to a minute, and keeps since when it is silent', () => {
  answering.missed('wecom', 'corp1', '')
  now += 500
  answering.missed('wecom', 'corp2', '')
  for (const full of [5000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
    const { nextAt, since } = answering.silence('wecom')!
    expect(since).toEqual(new Date(1_000_000))
    const wait = nextAt.getTime() - now
    expect(wait).toBeGreaterThanOrEqual(full / 2)
    expect(wait).toBeLessThanOrEqual(full)
    now = nextAt.getTime()
    answering.tried('wecom', 'HTTP 503')
  }
  answering.hasten()
  expect(answering.silence('wecom')?.nextAt.getTime()).toBeLessThanOrEqual(now)
})

it('believes the question for two at a time, and falls silent again with the first of them; a real answer ends it, step by step', () => {
  for (const who of ['corp1', 'corp2']) answering.missed('wecom', who, '')
  const since = answering.silence('wecom')?.since
  now += 5000
  answering.tried('wecom', undefined)
  expect(answering.room('wecom', 16)).toBe(2)
  answering.missed('wecom', 'corp9', '')
  expect(answering.silence('wecom')).toMatchObject({ attempts: 2, since })
  answering.tried('wecom', undefined)
  answering.heard('wecom')
  const rooms = [0, 10_000, 10_000, 10_000].map(ms => {
    now += ms
    answering.heard('wecom')
    return answering.room('wecom', 16)
  })
  expect(rooms).toEqual([2, 4, 8, 16])
  expect(told).toEqual(['wecom silent ', 'wecom answers', 'wecom silent ', 'wecom answers'])
})

it('has whole places where the clock was set back', () => {
  for (const who of ['corp1', 'corp2']) answering.missed('wecom', who, '')
  answering.heard('wecom')
  now -= 25_000
  expect(answering.room('wecom', 16)).toBe(2)
})
