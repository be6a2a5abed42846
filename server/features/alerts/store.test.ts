import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { looksIn } from './jobs.ts'
import { endAlerts, type NewAlert, openAlerts } from './store.ts'

const hourMs = 3_600_000

let world: World
beforeAll(async () => {
  world = await startWorld({ synced: false })
})
afterAll(() => world.close())

it('alerts of one cause in thousands of corps end and open again', async () => {
  const { db } = world.ctx
  const corps = 5000
  await sql`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
    select 'many' || n, '', '', '', '', now() from generate_series(1, ${corps}::int) n`.execute(db)
  const found = Array.from({ length: corps }, (_, n) => ({
    corpId: `many${n + 1}`,
    cause: 'x',
    subject: '',
    detail: {},
    isShared: true,
  }))
  const now = new Date()
  const look = async (alerts: NewAlert[]) => {
    await endAlerts(db, ['x'], alerts, [], now)
    await openAlerts(db, alerts, now, new Date(now.getTime() - hourMs))
  }
  // Each corp compared with each would not end in the time of a test.
  for (const alerts of [found, found, [], found]) await look(alerts)
  const { rows } = await sql<{ open: number; all: number }>`
    select count(*) filter (where ended_at is null)::int as open, count(*)::int as all from alert where cause = 'x'`.execute(
    db,
  )
  expect(rows).toEqual([{ open: corps, all: corps }])
})

it('an alert is not opened again by a look that read before it ended: looks follow each other', async () => {
  const { ctx } = world
  let [atWork, mostAtWork] = [0, 0]
  const find = async () => {
    mostAtWork = Math.max(mostAtWork, ++atWork)
    await ctx.db.selectFrom('alert').select('id').execute()
    atWork--
    return { found: [] }
  }
  const parkedEvents = { ...ctx.offered.causes['parkedEvents']!, find }
  const look = looksIn({ ...ctx, offered: { ...ctx.offered, causes: { parkedEvents } } })
  await Promise.all([1, 2, 3].map(() => look({ isDaily: false })))
  expect([mostAtWork, atWork]).toEqual([1, 0])
})
