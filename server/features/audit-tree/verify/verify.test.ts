import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { seed, soak } from '../../../../test/soak.ts'
import { until } from '../../../../test/until.ts'
import { runCommand } from '../../../cli/in-process.fixture.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { makeCheckpoint } from '../checkpoints/checkpoint.ts'
import { insertKey, readKey } from '../checkpoints/key-store.ts'
import { allEntered } from '../entered.fixture.ts'
import { eraseFields } from '../erase.ts'
import { askVerification } from '../integrity.ts'
import { rewriteTree } from '../rewritten.fixture.ts'
import { entriesInOrder } from '../tree/entries-store.ts'
import { findingWords } from '../tree/finding.ts'
import { leafHash, rootByPath } from '../tree/merkle.ts'
import { proofOf } from '../tree/proof.ts'
import { lastVerification } from './verification-store.ts'
import { verifyTree } from './verify.ts'
import { verifyAll } from './verify-all.ts'

const rows = soak(1000, 100_000)
const changes = soak(100, 1000)

let world: World
let db: Db
let tree: string
const folder = mkdtempSync(join(tmpdir(), 'wisp-audit-'))
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  db = world.ctx.db
  tree = world.corpId
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await world.close()
})

/** Everything begins anew, with so many acts. */
async function fill(count: number): Promise<void> {
  await allEntered(world.ctx)
  await db.transaction().execute(async tx => {
    await sql`delete from audit where corp_id = ${tree}`.execute(tx)
    await sql`delete from sign_in_log where corp_id = ${tree}`.execute(tx)
    await sql`delete from data_read where corp_id = ${tree}`.execute(tx)
    await sql`delete from audit_pending`.execute(tx)
    await sql`delete from audit_tree where tree = ${tree}`.execute(tx)
    await sql`insert into audit (corp_id, actor, actor_name, act, target, at, detail)
      select ${tree}, 'li', '李', 'app.set', 't' || n, now() - interval '2 minutes', jsonb_build_object('n', n)
      from generate_series(1, ${count}::int / 2) as n`.execute(tx)
    await sql`insert into sign_in_log (corp_id, at, number, app_name, user_id, user_name, way, reason, detail, amr, released, address, user_agent)
      select ${tree}, now() - interval '2 minutes', 'r' || n, '', 'lisi', '李四', 'sms', '', '', '{sms}', '{}', '10.0.0.1', 'x'
      from generate_series(1, ${count}::int / 4) as n`.execute(tx)
    await sql`insert into data_read (corp_id, at, dev_id, path, fields, member_ids)
      select ${tree}, now() - interval '2 minutes', 'dev1', '/api/user/get', '{mobile}', array[n, n + 1]
      from generate_series(1, ${count}::int / 4) as n`.execute(tx)
  })
  await allEntered(world.ctx)
}

const verified = async (against?: string) => {
  const { trees, findings } = await verifyAll(world.ctx, { tree, ...(against ? { against } : {}) })
  return [...trees.flatMap(one => one.findings), ...findings]
}
const noteOf = async () => (await makeCheckpoint(world.ctx, tree, 'asked'))!.note

/** As somebody with SQL does it who knows of the triggers. */
const past = (statement: ReturnType<typeof sql>) =>
  db.transaction().execute(async tx => {
    for (const table of ['audit', 'sign_in_log', 'data_read', 'refusal'])
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(tx)
    await statement.execute(tx)
    for (const table of ['audit', 'sign_in_log', 'data_read', 'refusal'])
      await sql`alter table ${sql.table(table)} enable trigger user`.execute(tx)
  })

describe('a change by SQL', () => {
  it('of any row is found, and no other is', { timeout: 600_000 }, async () => {
    await fill(rows)
    await noteOf()
    expect(await verified()).toEqual([])
    const entries = await entriesInOrder(db, tree, 0, rows + 10)
    const leaves = await db
      .selectFrom('audit_leaf')
      .select(['index', 'source', 'row_id'])
      .where('tree', '=', tree)
      .execute()
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state % below
    }
    const chosen = new Set<number>()
    while (chosen.size < changes) chosen.add(random(entries.length))
    const kinds: Record<string, string[]> = {
      audit: [
        "update audit set actor = actor || 'x'",
        "update audit set at = at + interval '1 microsecond'",
        'update audit set detail = detail || \'{"m": 1}\'',
        'delete from audit',
      ],
      sign_in_log: [
        "update sign_in_log set address = '10.0.0.2'",
        "update sign_in_log set reason = 'x'",
        'delete from sign_in_log',
      ],
      data_read: [
        "update data_read set member_ids = '{}'",
        "update data_read set path = path || 'x'",
        'delete from data_read',
      ],
    }
    for (const index of chosen) {
      const leaf = leaves.find(one => one.index === index)!
      const list = kinds[leaf.source]!
      const change = list[random(list.length)]!
      await past(sql`${sql.raw(change)} where id = ${Number(leaf.row_id)}`)
    }
    const found = await verified()
    expect(found.every(one => ['changed', 'removed'].includes(one.what))).toBe(true)
    const named = found.map(one => one.indexes?.[0] ?? -1).sort((a, b) => a - b)
    expect(named).toEqual([...chosen].sort((a, b) => a - b))
  })

  describe('of the tree', () => {
    let note: string
    beforeEach(async () => {
      await fill(1000)
      note = await noteOf()
    })

    it.each([
      [
        'a leaf with its row',
        "update audit_leaf set hash = sha256('x') where index = 300",
        ['changed', 'subtreeChanged', 'edgeChanged', 'rewritten'],
      ],
      ['a salt', "update audit_leaf set salt = sha256('x') where index = 300", ['changed']],
      [
        'a leaf that is gone',
        'delete from audit_leaf where index between 300 and 302',
        ['leavesMissing', 'unentered'],
      ],
      ['the first leaves', 'delete from audit_leaf where index < 256', ['leavesMissing', 'unentered']],
      [
        'an erasure that nobody ordered',
        "update audit_leaf set salt = null, hidden = sha256('x') where index = 300",
        ['changed'],
      ],
      ['a checkpoint', 'update audit_checkpoint set size = 3', ['checkpointForged']],
      ['the key of checkpoints', "update audit_key set private_key = 'v1.a.b'", ['keyChanged']],
    ])('is found: %s', async (_, statement, what) => {
      const key = await sql<{ private_key: string }>`select private_key from audit_key`.execute(db)
      await past(sql.raw(statement))
      expect((await verified()).map(one => one.what).sort()).toEqual([...what].sort())
      await sql`update audit_key set private_key = ${key.rows[0]?.private_key}`.execute(db)
    })

    it('is found where the key of checkpoints is gone', async () => {
      const key = (await readKey(db))!
      await sql`delete from audit_key`.execute(db)
      expect((await verified()).map(one => one.what)).toEqual(['keyChanged'])
      await insertKey(db, key)
      expect(await verified()).toEqual([])
    })

    it('is found where rows were written past the triggers', async () => {
      await past(
        sql`insert into audit (corp_id, actor, act, target, at) values (${tree}, 'x', 'app.set', 'forged', now() - interval '2 minutes')`,
      )
      expect(await verified()).toMatchObject([{ what: 'unentered', source: 'audit', count: 1 }])
    })

    it.each([
      ['audit', 'target', "actor, act, at) values ('young', $, 'x', 'app.set', now())"],
      [
        'data_read',
        'path',
        "dev_id, fields, member_ids, at) values ('young', $, 'x', '{mobile}', '{1}', now())",
      ],
    ])('is found where a young row of %s is made old and deleted', async (table, column, rest) => {
      const row = rest.replace('$', `'${tree}'`)
      const run = (statement: string) => sql.raw(statement).execute(db)
      await run(`insert into ${table} (${column}, corp_id, ${row}`)
      await allEntered(world.ctx)
      await run(`update ${table} set at = now() - interval '500 days' where ${column} = 'young'`)
      await run(`delete from ${table} where ${column} = 'young'`)
      await allEntered(world.ctx)
      expect(await verified()).toMatchObject([{ what: 'removedEarly', indexes: [1000, 1000] }])
      // Unless the corp has kept reads for as short.
      const changes = [{ field: 'requestLogDays', before: 0, after: 7 }]
      await sql`insert into audit (corp_id, actor, act, target, detail, at)
        values (${tree}, 'x', 'corp.set', ${tree}, ${JSON.stringify({ changes })}::jsonb, now())`.execute(db)
      await allEntered(world.ctx)
      expect(await verified()).toHaveLength(table === 'audit' ? 1 : 0)
    })

    it('is found where the first checkpoints are gone', async () => {
      await noteOf()
      await past(sql`delete from audit_checkpoint where tree = ${tree} and number = 1`)
      expect(await verified()).toMatchObject([{ what: 'checkpointsMissing', rows: ['1–1'] }])
    })

    it.each([
      ['of any age', "'what', 'age', 'source', 'audit', 'indexes', '[[0, 999]]'::jsonb"],
      ['of before the tree', "'what', 'existing', 'upTo', 1000"],
    ])('is found where somebody says that the rows were %s', async (_, parts) => {
      const say = (said: string) =>
        sql`insert into audit_pending (tree, source, row_id, statement)
          values (${tree}, 'statement', '', jsonb_build_object(${sql.raw(said)}))`.execute(db)
      await past(sql`delete from audit where target = 't5' and corp_id = ${tree}`)
      world.clock.offsetMs += 31 * 86_400_000
      await say(parts)
      await say("'what', 'age', 'source', 'audit', 'indexes', '[[0, 999]]'::jsonb")
      await allEntered(world.ctx)
      await noteOf()
      await sql`update audit_leaf set entered_at = now() + interval '500 days' where tree = ${tree} and source = 'statement'`.execute(
        db,
      )
      expect((await verified()).map(one => one.what)).toEqual(['removedEarly'])
      world.clock.offsetMs = 0
    })

    it('is found by a kept checkpoint alone where the last entries were removed with all traces', async () => {
      await rewriteTree(db, tree, { last: 10 })
      expect(await verified()).toEqual([])
      expect(await verified(note)).toMatchObject([{ what: 'lastRemoved', count: 10, size: 1000 }])
    })

    it('is told of a table that was rewritten with new hashes', async () => {
      await rewriteTree(db, tree, {
        change: sql`update audit set actor = 'nobody' where target = 't5' and corp_id = ${tree}`,
      })
      expect(await verified()).toEqual([])
      const [found, ...others] = await verified(note)
      expect(others).toEqual([])
      expect(found).toMatchObject({ what: 'rewritten', indexes: [0, 999] })
      expect(findingWords(found!).zh).toMatch(/^第 0–999 条被改写并重新计算了校验值：与 .* 的检查点不符$/)
    })

    it('is not a restored backup, which is stated', async () => {
      await rewriteTree(db, tree, { last: 10 })
      await sql`insert into audit_pending (tree, source, row_id, statement)
        values (${tree}, 'statement', '', jsonb_build_object('what', 'restored', 'at', now()))`.execute(db)
      await allEntered(world.ctx)
      expect(await verified()).toEqual([])
      expect(await verified(note)).toMatchObject([{ what: 'restored', indexes: [990, 999] }])
    })

    it.each([
      [
        'of another installation',
        (text: string) => text.replaceAll('/audit/', '.cn/audit/'),
        ['otherInstallation'],
      ],
      ['with another size', (text: string) => text.replace('\n1000\n', '\n1001\n'), ['forgedInFile']],
      ['cut', (text: string) => text.slice(0, -30), ['unreadInFile']],
      ['older', (text: string) => text, []],
    ])('takes a file %s for what it is', async (_, altered, what) => {
      // The tree has gone on since.
      await sql`insert into audit (corp_id, actor, act, target, at)
        select ${tree}, 'li', 'app.set', 'later', now() - interval '2 minutes' from generate_series(1, 300)`.execute(
        db,
      )
      await allEntered(world.ctx)
      expect(await noteOf()).toContain('\n1300\n')
      expect((await verified(altered(note))).map(one => one.what)).toEqual(what)
    })
  })
})

it('takes what age takes and who is erased while it reads for what it is', async () => {
  await fill(4200)
  await sql`insert into audit (corp_id, actor, act, target, at)
    select ${tree}, 'li', 'app.set', 'old', now() - interval '401 days' from generate_series(1, 300)`.execute(
    db,
  )
  await allEntered(world.ctx)
  let isDone = false
  const { findings, checked } = await verifyTree(world.ctx, tree, {
    async onProgress() {
      if (isDone) return
      isDone = true
      await sql`delete from audit where target = 'old'`.execute(db)
      const said = { reason: '个人信息删除', by: 'wang' }
      await db.transaction().execute(tx => eraseFields(tx, tree, [4150, 4151], said))
      await allEntered(world.ctx)
    },
  })
  expect([checked, findings]).toEqual([4500, []])
})

it('erases the personal fields of entries, which stay provable', async () => {
  await fill(1000)
  await db
    .transaction()
    .execute(tx => eraseFields(tx, tree, [3, 4, 900], { reason: '个人信息删除', by: 'wang' }))
  await allEntered(world.ctx)
  const [entry] = await entriesInOrder(db, tree, 3, 1)
  expect(entry).toMatchObject({ act: 'app.set', actor: '', object: '', details: {}, isGone: false })
  expect((await entriesInOrder(db, tree, 1000, 10)).map(one => one.details)).toEqual([
    {
      what: 'erased',
      indexes: [
        [3, 4],
        [900, 900],
      ],
      reason: '个人信息删除',
      by: 'wang',
    },
  ])
  expect(await verified()).toEqual([])
  await past(
    sql`update audit set actor = 'someone' where id = (select row_id::bigint from audit_leaf where tree = ${tree} and index = 3)`,
  )
  expect((await verified()).map(one => one.what)).toEqual(['changed'])
})

it('proves each entry by the checkpoint', async () => {
  await fill(1000)
  const leaves = await db
    .selectFrom('audit_leaf')
    .select(['index', 'row_id'])
    .where('tree', '=', tree)
    .where('source', '=', 'audit')
    .orderBy('index')
    .execute()
  const checkpoint = (await makeCheckpoint(world.ctx, tree, 'asked'))!
  const root = checkpoint.note.split('\n')[2]
  for (const { index, row_id } of [leaves[0]!, leaves[255]!, leaves[256]!, leaves.at(-1)!]) {
    const proof = (await proofOf(world.ctx, 'audit', row_id, async () => checkpoint.size))!
    const path = proof.path.map(hash => Buffer.from(hash, 'hex'))
    const found = rootByPath(leafHash(proof.data), { index, size: checkpoint.size, path })
    expect(found?.toString('base64')).toBe(root)
  }
})

it('is a command that fails when something is wrong, and says what', async () => {
  await fill(1000)
  const file = join(folder, 'kept.txt')
  writeFileSync(file, `Kept on Monday:\n${await noteOf()}`)
  const good = await runCommand(world.ctx, ['audit', 'verify', '--corp', tree, '--against', file])
  expect([good.failed, good.text]).toEqual([false, expect.stringContaining('没有发现问题')])
})

it('is a command that fails when something is wrong, in words', async () => {
  const file = join(folder, 'kept.txt')
  await rewriteTree(db, tree, { last: 3 })
  const words = ['audit', 'verify', '--corp', tree]
  const bad = await runCommand(world.ctx, [...words, '--against', file])
  expect([bad.failed, bad.text]).toEqual([
    true,
    expect.stringMatching(/最后 3 条被删除：.* 的检查点有 1000 条/),
  ])
  await expect(runCommand(world.ctx, [...words, '--against', join(folder, 'nothing')])).rejects.toThrow(
    'ENOENT',
  )
})

it('raises the alert of a command as of the page, until kept checkpoints show nothing', async () => {
  const { ctx } = world
  const alerts = async () =>
    (await ctx.offered.causes['auditVerificationFound']!.find()).found.filter(one => one.corpId === tree)
  const acts = async () =>
    (await entriesInOrder(db, tree, 0, 10_000)).filter(one => one.act === 'audit.verify').length
  const verify = async (...more: string[]) => {
    await runCommand(ctx, ['audit', 'verify', '--corp', tree, ...more])
    await allEntered(ctx)
  }
  const byPage = async () => {
    const id = await askVerification(ctx, 'wang', tree)
    await until('verified', async () => {
      const last = await lastVerification(db, tree)
      return last?.id === id && last.endedAt !== null
    })
  }
  await fill(1000)
  const file = join(folder, 'good.txt')
  writeFileSync(file, await noteOf())
  await verify('--against', file)
  expect([await alerts(), await acts()]).toEqual([[], 0])

  await past(sql`update audit set actor = 'nobody' where target = 't5' and corp_id = ${tree}`)
  await verify()
  await verify()
  expect(await alerts()).toMatchObject([
    { detail: { count: 1, first: { en: expect.stringContaining('was changed') } } },
  ])
  expect(await acts()).toBe(2)
  const kept = await sql`select from audit_verification where tree = ${tree}`.execute(db)
  expect(kept.rows).toHaveLength(1)
  await past(sql`update audit set actor = 'li' where target = 't5' and corp_id = ${tree}`)
  await byPage()
  expect(await alerts()).toEqual([])

  // What only the file shows outlasts a verification without it.
  const longer = join(folder, 'longer.txt')
  writeFileSync(longer, await noteOf())
  await rewriteTree(db, tree, { last: 3 })
  await verify('--against', longer)
  await byPage()
  await verify()
  expect(await alerts()).toMatchObject([
    { detail: { count: 1, first: { en: expect.stringContaining('were removed') } } },
  ])
  await verify('--against', file)
  expect(await alerts()).toEqual([])
})
