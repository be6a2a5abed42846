import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { soak } from '../../../../test/soak.ts'
import { readSourceFile } from '../read/file.ts'
import { knownSource } from '../set-source.ts'
import { csvOf, newSource, type TestSource } from '../source.fixture.ts'
import { makePreview } from './make-preview.ts'

const people = soak(2000, 100_000)
const atMost = soak({ ms: 60_000, mb: 4000 }, { ms: 10_000, mb: 400 })

let world: World
let source: TestSource
beforeAll(async () => {
  world = await startWorld({ members: 3, departments: 2 })
  const columns = [
    ['name', '姓名'],
    ['mobile', '手机'],
    ['departments', '部门'],
  ].map(([field = '', column = '']) => ({ field, column, owner: 'source' as const }))
  source = await newSource(world, { fields: columns, departments: 'path' })
  const { ctx, corpId } = world
  await sql`
    insert into member (corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position, status,
      main_department, departments, orders, leader_in, direct_leaders, attributes, biz_mail, hash, from_wecom, created_at)
    select ${corpId}, 'big' || n, 'big' || n, '员工' || n, '', '131' || lpad(n::text, 8, '0'), '', 0, '', '', '', 1,
      1, '{1}', '{0}', '{0}', '{}', '[]', '', 0, 0, now()
    from generate_series(1, ${people}::int) as n`.execute(ctx.db)
  await ctx.mirrors.load(corpId)
})
afterAll(() => world.close())

it('previews a large source against a large address book in a short time', { timeout: 300_000 }, async () => {
  const { ctx, corpId } = world
  const lines = Array.from({ length: people }, (_, n) => {
    const name = n % 10 === 0 ? `改${n + 1}` : `员工${n + 1}`
    return [`big${n + 1}`, name, `131${String(n + 1).padStart(8, '0')}`, `部门${n % 500}`]
  })
  const bytes = csvOf([['工号', '姓名', '手机', '部门'], ...lines])
  const row = await knownSource(ctx.db, corpId, source.id)
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  const began = performance.now()
  const reading = await readSourceFile(row.settings, bytes)
  const { counts } = await makePreview(ctx, row, reading, { actor: 'test', nextAt: null })
  const ms = performance.now() - began
  clearInterval(watch)
  const mb = (most - before) / 1e6
  console.log(JSON.stringify({ people, ms: Math.round(ms), mb: Math.round(mb) }))
  expect(counts).toMatchObject({ people, movers: people, joiners: 0, departmentsAdded: 500, problems: 0 })
  expect(ms).toBeLessThan(atMost.ms)
  expect(mb).toBeLessThan(atMost.mb)
})
