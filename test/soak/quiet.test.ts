import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabaseAt, type Postgres, startPostgres } from '../postgres.ts'
import { measureQuiet } from '../quiet/measure.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres({ durable: false, binaries: 'embedded' })
})
afterAll(() => postgres.stop())

const nodes = 4

it(`2,000 corps of 500 on ${nodes} nodes are quiet, with every upstream away too`, async () => {
  const url = await createDatabaseAt(postgres.adminUrl)
  const size = { corps: 2000, members: 500, nodes, windowMs: 20_000, restWindows: 3, downWindows: 8 }
  const found = await measureQuiet(url, size)
  const shown = (numbers: number[]) => numbers.map(one => one.toFixed(1)).join(' ')
  console.log(`start ${shown(found.starts.map(one => one.seconds))} s, load ${found.load}`)
  console.log(
    `RSS ${shown(found.starts.map(one => one.megabytes))}, then ${shown(found.whenDownMegabytes)} MB`,
  )
  console.log(
    `tx/s of all nodes in windows of 20 s, at rest: ${shown(found.atRest)}; due in every corp: ${shown(found.whenDown)}`,
  )
  // A window at rest may have the look for alerts, every five minutes.
  expect(found.atRest.toSorted((a, b) => a - b)[1]).toBeLessThanOrEqual(4 * nodes)
  expect(Math.max(...found.atRest, ...found.whenDown)).toBeLessThanOrEqual(20 * nodes)
  expect(found.alerts).toBe(1)
  for (const { megabytes } of found.starts) expect(megabytes).toBeLessThan(800)
  for (const megabytes of found.whenDownMegabytes) expect(megabytes).toBeLessThan(800)
}, 900_000)
