import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../harness.ts'
import { createDatabaseAt, databaseOf } from '../postgres.ts'
import { type Standbys, startStandbys } from '../standbys.ts'
import { until } from '../until.ts'
import { type Ledger, prepareLedger } from './ledger.ts'
import { type ServerProcess, startProcess } from './server-process.ts'

/** How long it takes until somebody notices that the primary is dead. */
const detectMs = 1000
const afterPromotionMs = 3000

let cluster: Standbys
let database: string
let world: World
let other: ServerProcess
let ledger: Ledger
beforeAll(async () => {
  cluster = await startStandbys('embedded')
  database = databaseOf(await createDatabaseAt(cluster.first.adminUrl))
  world = await startWorld({ members: 200, env: { WISP_DATABASE_URL: cluster.url(database) } })
  // The clocks of two machines differ.
  world.clock.offsetMs = 5000
  other = await startProcess(world.env)
  ledger = await prepareLedger(world, [world.server.url, other.url])
}, 60_000)
afterAll(async () => {
  await ledger?.stop()
  await other?.stop()
  await world?.close()
  await cluster?.stop()
})

it('a primary that is killed under load takes nothing with it that was acknowledged', {
  timeout: 90_000,
}, async () => {
  ledger.begin()
  await until('enough before', () => ledger.firstAfter(0) && ledger.counts().message > 30, 30_000)
  const killedAt = performance.now()
  await cluster.first.kill()
  await until('somebody to notice', () => performance.now() - killedAt > detectMs)
  const promoted = await cluster.failOver()
  const promotedAt = performance.now()
  const first = await until('writes of all kinds', () => ledger.firstAfter(promotedAt), 30_000)
  // The old one comes back as it was, and knows nothing of all that.
  await cluster.first.start()
  await until('more after', () => ledger.firstAfter(promotedAt + 2000), 30_000)
  const left =
    'select application_name as name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  expect(await cluster.first.query(left, database)).toEqual([])
  await ledger.stop()
  const after = Object.values(first).map(at => Math.round(at - promotedAt))
  console.log(
    `first writes ${after.join(', ')} ms after the promotion, ${Math.round(Math.max(...Object.values(first)) - killedAt)} ms after the kill; ${JSON.stringify(ledger.counts())}`,
  )
  expect(Math.max(...after)).toBeLessThan(afterPromotionMs)
  const query = (text: string) => promoted.query(text, database)
  await ledger.settled(query)
  await ledger.check(query)
})
