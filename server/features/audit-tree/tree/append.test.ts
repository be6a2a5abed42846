import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { record, recordTimes } from '../../../platform/audit/audit.ts'
import { allEntered } from '../entered.fixture.ts'
import { appendWaiting } from './append.ts'
import { entriesInOrder, treeSize } from './entries-store.ts'
import { pruneLeaves } from './prune-store.ts'
import { state } from './tree-store.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
})
afterAll(() => world.close())

const act = (target: string, corpId: string | null = world.corpId) =>
  record(world.ctx.db, world.ctx, { corpId, actor: 'li', act: 'app.set', target, detail: { n: 1 } })
const all = async (tree = world.corpId) => {
  await allEntered(world.ctx)
  return entriesInOrder(world.ctx.db, tree, 0, 10_000)
}

it('puts rows of all four tables into the tree of their corp, the others into that of the installation', async () => {
  const { db } = world.ctx
  await act('app1')
  await act('of nobody', null)
  await act('of a corp that is gone', 'ww-gone')
  await sql`insert into sign_in_log (corp_id, at, number, app_name, user_id, user_name, way, reason, detail, amr, released, address, user_agent)
    values (${world.corpId}, now(), 'r1', '', 'lisi', '李四', 'sms', 'wrong-code', '', '{}', '{}', '10.0.0.1', 'x')`.execute(
    db,
  )
  await sql`insert into refusal (number, corp_id, at, place, reason, detail, address, user_agent)
    values ('r2', ${world.corpId}, now(), 'sign-in', 'state', '', '', '')`.execute(db)
  await sql`insert into data_read (corp_id, at, dev_id, path, fields, member_ids)
    values (${world.corpId}, now(), 'dev1', '/api/user/get', '{mobile}', '{1,2}')`.execute(db)
  const entries = await all()
  const told = entries.map(one => [one.kind, one.act, one.object, one.result])
  expect(told).toEqual(
    expect.arrayContaining([
      ['act', 'app.set', 'app1', 'ok'],
      ['sign-in', 'sign-in.sms', 'wisp', 'refused'],
      ['refusal', 'refusal', 'sign-in', 'refused'],
      ['read', 'data.read', '/api/user/get', 'ok'],
    ]),
  )
  expect(entries.map(one => one.index)).toEqual(entries.map((_, n) => n))
  expect(await treeSize(db, world.corpId)).toBe(entries.length)
  const ofInstallation = (await all('')).map(one => one.object)
  expect(ofInstallation).toEqual(expect.arrayContaining(['of nobody', 'of a corp that is gone']))
})

it('passes over nothing that commits late', async () => {
  const { db } = world.ctx
  const before = (await all()).length
  const committed = Promise.withResolvers<void>()
  const written = Promise.withResolvers<void>()
  const late = db.transaction().execute(async tx => {
    await record(tx, world.ctx, {
      corpId: world.corpId,
      actor: 'li',
      act: 'app.set',
      target: 'late',
      detail: {},
    })
    written.resolve()
    await committed.promise
  })
  await written.promise
  await act('early')
  expect((await all()).slice(before).map(one => one.object)).toEqual(['early'])
  committed.resolve()
  await late
  expect((await all()).slice(before).map(one => one.object)).toEqual(['early', 'late'])
})

it('changes no entry for a repetition, also one that an earlier version counts in the row', async () => {
  const { db } = world.ctx
  const of = { corpId: null, act: 'sign-in.failed', target: 'admin', detail: {} } as const
  await record(db, world.ctx, { ...of, actor: 'admin' })
  await recordTimes(db, of, new Date(world.ctx.now() - 600_000), 3)
  await sql`update audit set detail = detail || '{"times": 5}' where act = 'sign-in.failed'`.execute(db)
  const failures = async () =>
    (await all('')).filter(one => one.act === 'sign-in.failed').map(one => one.details)
  expect(await failures()).toEqual([{}])
  world.clock.offsetMs += 601_000
  expect(await failures()).toEqual([{}, { times: 4 }])
  world.clock.offsetMs = 0
})

it('says in the tree which rows age took, and keeps refusals that an earlier version would delete', async () => {
  const { db } = world.ctx
  await sql`insert into audit (corp_id, actor, act, target, at)
    select ${world.corpId}, 'li', 'app.set', 'old', now() - interval '401 days' from generate_series(1, 3)`.execute(
    db,
  )
  const before = await all()
  await sql`delete from audit where target = 'old'`.execute(db)
  await sql`delete from refusal`.execute(db)
  const after = await all()
  expect(after.at(-1)).toMatchObject({
    act: 'audit.age',
    details: { source: 'audit', indexes: [[before.length - 3, before.length - 1]] },
  })
  expect(after.find(one => one.kind === 'refusal')?.isGone).toBe(false)
  expect(after.at(-2)).toMatchObject({ kind: 'act', isGone: true })
})

it('says nothing in the tree of the installation that was to be said in that of a corp that is gone', async () => {
  const { db } = world.ctx
  await act('of nobody', null)
  const before = await all('')
  await state(db, 'ww-gone', { what: 'age', source: 'audit', indexes: [[0, before.length]] })
  expect(await all('')).toEqual(before)
})

it('prunes whole old subtrees, also behind many trees whose old leaves are no whole one', async () => {
  const { db } = world.ctx
  const put = async (corpId: string, count: number) => {
    await sql`insert into audit_tree (tree) values (${corpId}) on conflict do nothing`.execute(db)
    await sql`insert into audit_leaf (tree, index, source, row_id, hash, entered_at)
      select ${corpId}, n, 'x', ${corpId} || ' ' || n, '', now() - interval '500 days' - n * interval '1 second'
      from generate_series(0, ${count}::int - 1) as n`.execute(db)
  }
  await sql`alter table audit_tree drop constraint audit_tree_check`.execute(db)
  for (let n = 0; n < 30; n++) await put(`small${n}`, 255)
  await put('tall', 1000)
  const order = { now: new Date(), before: new Date(Date.now() - 430 * 86_400_000), atMost: 1000 }
  let calls = 0
  while ((await pruneLeaves(db, order)) >= order.atMost) expect(calls++).toBeLessThan(10)
  const { rows } = await sql<{ tree: string; n: number }>`
    select tree, count(*)::int as n from audit_leaf where tree in ('tall', 'small0') group by tree order by tree`.execute(
    db,
  )
  expect(rows).toEqual([
    { tree: 'small0', n: 255 },
    { tree: 'tall', n: 1000 - 3 * 256 },
  ])
  await sql`delete from audit_tree where tree = 'tall' or tree like 'small%'`.execute(db)
})

it('enters the rows of other corps when one tree is spoilt', async () => {
  const { db } = world.ctx
  await act('of nobody', null)
  await act('waits')
  const good = await sql<{ edge: Buffer[] }>`select edge from audit_tree where tree = ''`.execute(db)
  await sql`update audit_tree set edge = '{}', size = 1 where tree = ''`.execute(db)
  await expect(appendWaiting(world.ctx)).rejects.toThrow(
    'the audit tree of the installation takes no entries',
  )
  const last = (await entriesInOrder(db, world.corpId, 0, 10_000)).at(-1)
  expect(last).toMatchObject({ object: 'waits' })
  const { rows } = await sql<{
    size: number
  }>`select count(*)::int as size from audit_leaf where tree = ''`.execute(db)
  await sql`update audit_tree set edge = ${good.rows[0]?.edge}::bytea[], size = ${rows[0]?.size} where tree = ''`.execute(
    db,
  )
})

it('takes in what was there before the tree', async () => {
  const { db } = world.ctx
  const before = await all()
  await db.transaction().execute(async tx => {
    await sql`select set_config('wisp.restoring', 'on', true)`.execute(tx)
    await sql`insert into audit (corp_id, actor, act, target, at)
      select ${world.corpId}, 'li', 'app.set', 'before', now() from generate_series(1, 2500)`.execute(tx)
  })
  expect(await all()).toHaveLength(before.length)
  await sql`update audit_tree set existing = jsonb_build_object('audit', jsonb_build_object('after', 0, 'upTo', (select max(id) from audit)))
    where tree = ${world.corpId}`.execute(db)
  await allEntered(world.ctx)
  const after = await all()
  expect(after.filter(one => one.object === 'before')).toHaveLength(2500)
  expect(after.at(-1)).toMatchObject({ act: 'audit.existing', details: { upTo: before.length + 2500 } })
})
