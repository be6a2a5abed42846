import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBareServer } from '../bench/bare.ts'
import { type LoadJob, runLoad } from '../bench/load.ts'
import { fallenSince, isReached, median, readCommitted } from '../bench/report.ts'
import { makeRequests, makers, sampleCorp, writeRequests } from '../bench/requests.ts'

const success = Buffer.from('{"retCode":"0","retMessage":"成功","body":{"list":["文"]}}')
const failure = Buffer.from('{"retCode":"1004","retMessage":"devToken 已失效"}')

const perMaker = 40
const requests = Object.keys(makers).length * perMaker

async function load(bodies: Buffer[], change: Partial<LoadJob> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-bench-test-'))
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const { port, server } = await startBareServer(
    bodies.map(body => ({ headers, body: body.toString('base64') })),
  )
  try {
    const developers = [{ devId: 'd', devSecret: 's' }]
    const population = { corp: sampleCorp(50), tokens: ['t'], developers, cookies: ['wisp_session=s'] }
    const each = Object.values(makers).flatMap(maker => makeRequests(maker, population, perMaker))
    const job: LoadJob = {
      port,
      requests: writeRequests(dir, each),
      connections: 4,
      ms: 10_000,
      order: 'once',
      expect: 'envelope',
      minBytes: 50,
    }
    return await runLoad({ ...job, ...change })
  } finally {
    server.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

test('the load generator sends each request once and takes whole answers, large ones too', async () => {
  const large = Buffer.from(`{"retCode":"0","body":"${'部'.repeat(400_000)}"}`)
  const result = await load([success, large])
  expect(result).toMatchObject({
    requests,
    failures: 0,
    bytes: (requests / 2) * (success.length + large.length),
  })
  expect(result.p50Ms).toBeGreaterThan(0)
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms)
})

test('a failure and an answer that is too short are counted', async () => {
  expect(await load([success, failure])).toMatchObject({ requests, failures: requests / 2 })
  expect(await load([success], { minBytes: success.length + 1 })).toMatchObject({ failures: requests })
})

test('a target is reached from the right side', () => {
  const figure = { name: '', unit: '', detail: '', measured: 2 }
  expect(isReached({ ...figure, target: { atLeast: 2 } })).toBe(true)
  expect(isReached({ ...figure, target: { atMost: 1.9 } })).toBe(false)
  expect(isReached({ ...figure, target: { atLeast: 1 }, isDisturbed: true })).toBe(false)
  expect(isReached(figure)).toBeUndefined()
  expect(median([9, 1, 4])).toBe(4)
})

test('what fell by more than a tenth since the committed run is told', () => {
  const before = { measured: 0.5, unit: '×', on: '2026-11-26', members: 100_000 }
  const committed = { read: before, slow: { ...before, measured: 100, unit: 'ms' } }
  const told = (name: string, measured: number, target: { atLeast: number } | { atMost: number }) =>
    fallenSince([{ name, measured, unit: '', detail: '', target }], committed)
  expect(told('read', 0.44, { atLeast: 0.1 })[0]).toContain('was 0.5 × on 2026-11-26')
  expect(told('slow', 111, { atMost: 200 })).toHaveLength(1)
  for (const kept of [told('read', 0.46, { atLeast: 0.1 }), told('read', 2, { atLeast: 0.1 })])
    expect(kept).toEqual([])
  for (const kept of [told('slow', 109, { atMost: 200 }), told('new', 1, { atMost: 200 })])
    expect(kept).toEqual([])
  for (const one of Object.values(readCommitted())) expect(one.on).toMatch(/^2026-\d\d-\d\d$/)
})
