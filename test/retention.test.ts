import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { retentionPage, retentionPages } from '../scripts/retention-page.ts'
import { allEntered } from '../server/features/audit-tree/entered.fixture.ts'
import { putMessage } from '../server/features/messages/retention.fixture.ts'
import { allFeatures } from '../server/features.ts'
import { offeredBy } from '../server/platform/manifest/offered.ts'
import { createLog } from '../server/platform/operation/log.ts'
import { monthlyTables } from '../server/platform/storage/months/month-store.ts'
import { createMonthsOf } from '../server/platform/storage/months/months.ts'
import { pruneAll } from '../server/platform/upkeep/retention.ts'
import { startWorld, type World } from './harness.ts'
import { ago, type RetentionCase, type RetentionCases, type RetentionWorld } from './retention-case.ts'

const lines: string[] = []
let world: World
beforeAll(async () => {
  const log = createLog('info', { write: (line: string) => lines.push(line) })
  world = await startWorld({ members: 20, departments: 4, overrides: { log } })
})
afterAll(() => world.close())

const { retention } = offeredBy(allFeatures, () => undefined)
const declared = Object.values(retention).flat()
const pruned = declared.filter(one => 'prune' in one)
const count = async (table: string, condition = sql`true`) => {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from ${sql.table(table)} where ${condition}`.execute(world.ctx.db)
  return found.rows[0]?.n
}

describe('the declarations', () => {
  it('name every table of the database once', async () => {
    const found = await sql<{ name: string }>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not relispartition and relname <> 'migration' order by 1`.execute(world.ctx.db)
    expect(declared.map(one => one.table).sort()).toEqual(found.rows.map(row => row.name))
  })

  it('say which tables lie by month', async () => {
    const byMonth = pruned.filter(one => one.isByMonth).map(one => one.table)
    expect(byMonth.sort()).toEqual(await monthlyTables(world.ctx.db))
  })

  it('say of tables that go with another only what the database does', async () => {
    const found = await sql<{ child: string; parent: string }>`
      select conrelid::regclass::text as child, confrelid::regclass::text as parent
      from pg_constraint where contype = 'f' and confdeltype = 'c'`.execute(world.ctx.db)
    for (const one of declared) {
      if ('goesWith' in one) expect(found.rows).toContainEqual({ child: one.table, parent: one.goesWith })
    }
  })
})

/** Tables about messages that name people and whose rows do not go with the person, and why. */
const outlivesPerson: Readonly<Record<string, string>> = {
  message: 'receivers are part of what a developer sent, and are kept as long as the message',
  message_part: 'it says who got the message, and is kept as long as the message',
  message_result: 'it says what became of each receiver, and is kept as long as the message',
  message_step: 'it says why a receiver got the message or not, and is kept as long as the message',
  message_collected:
    'it says with which digest a receiver got the message, and is kept as long as the message',
  message_waiting: 'it goes with its decision, within 90 days; who has left by then gets nothing',
  message_digest: 'it goes when the digest closes, within a week',
  message_left: 'it is kept for 31 days, a row of a person who left for two years',
  message_dedup: 'it goes after four hours',
  announcement_reader: 'the nightly job deletes it when the person is gone',
}

it('what is stored of a person about messages goes with the person, or a reason stands here', async () => {
  const { rows } = await sql<{ name: string; goes: boolean }>`
    select distinct c.relname as name, exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'
      and f.confrelid = 'member'::regclass and f.confdeltype = 'c') as goes
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname ~ '^(message|announcement)' and a.attname ~ '(^|_)(member|user)_?ids?$|^(owner|receivers)$'`.execute(
    world.ctx.db,
  )
  const [going, staying] = [true, false].map(goes =>
    rows.filter(one => one.goes === goes).map(one => one.name),
  )
  expect(going?.sort()).toEqual(['announcement_mark', 'message_choice', 'message_choice_all', 'message_mark'])
  expect(staying?.sort()).toEqual(Object.keys(outlivesPerson).sort())
})

it.each(['en', 'zh'] as const)(
  'the page in %s says the same (node scripts/generate-retention.ts)',
  language => {
    const page = readFileSync(retentionPages[language].file, 'utf8')
    expect(page).toBe(retentionPage(language, page, retention))
  },
)

const put = (statement: RawBuilder<unknown>) => statement.execute(world.ctx.db)
const putMonth = (table: string, days: number) =>
  world.ctx.db.transaction().execute(tx => createMonthsOf(tx, table, [ago(days)]))
const where: RetentionWorld = { put, putMonth, corpId: () => world.corpId, devId: () => world.dev.devId }
const root = join(import.meta.dirname, '..')
const fixtures = await Promise.all(
  globSync('server/**/retention.fixture.ts', { cwd: root })
    .sort()
    .map(path => import(join(root, path)) as Promise<{ retentionCases: RetentionCases }>),
)
const cases = Object.assign({}, ...fixtures.map(one => one.retentionCases(where))) as Record<
  string,
  RetentionCase
>

/** Their columns take no words. */
const countsOfDays = new Set(['message_day', 'corp_call_day', 'corp_message_day', 'member_group_member'])

describe('the job "retention"', () => {
  it.each(Object.keys(cases))('deletes what is old of %s, and nothing else', async table => {
    const { kept, put, marked, stay = 0 } = cases[table] as RetentionCase
    // What was done before has leaves of its own.
    await allEntered(world.ctx)
    const others = await count(table)
    await put(kept + 1.1, 'old')
    await put(kept - 1.1, 'young')
    await world.ctx.jobs.run('retention')
    const left = async (mark: string) =>
      count(
        table,
        sql`${sql.ref(marked)}::text = ${countsOfDays.has(table) ? (mark === 'old' ? '1' : '2') : mark}`,
      )
    expect([await left('old'), await left('young')]).toEqual([0, 1])
    expect(await count(table)).toBe((others ?? 0) + 1 + stay)
  })

  it('has a case here for every table that is pruned', () => {
    const tried = [...Object.keys(cases), 'workbench', 'announcement_reader', 'list_view']
    expect(tried.sort()).toEqual(pruned.map(one => one.table).sort())
  })

  it('keeps messages for as many days as their corp says', async () => {
    await put(sql`insert into message_settings (corp_id, keep_days) values (${world.corpId}, 10)`)
    await putMessage(where, 11, 'older than ten days')
    await putMessage(where, 9, 'younger than ten days')
    await world.ctx.jobs.run('retention')
    const left = await world.ctx.db
      .selectFrom('message')
      .select('id')
      .where('id', 'like', '%ten days')
      .execute()
    expect(left).toEqual([{ id: 'younger than ten days' }])
    const parts = await world.ctx.db.selectFrom('message_part').select('message_id').execute()
    expect(parts.map(part => part.message_id)).not.toContain('older than ten days')
  })

  it('deletes workbenches and views whose person is gone, and what the person put away', async () => {
    const { corpId } = world
    await put(
      sql`insert into admin_account values ('root', 'x', false, 0, null, now()) on conflict do nothing`,
    )
    await put(sql`insert into workbench (corp_id, owner)
      select corp_id, id::text from member where left_at is null limit 1`)
    await put(sql`insert into workbench (corp_id, owner)
      values (${corpId}, '99999999'), (${corpId}, 'admin:root'), (${corpId}, 'admin:gone')`)
    await put(
      sql`insert into announcement_reader (corp_id, owner, put_away) select corp_id, owner, '{1}' from workbench`,
    )
    const views = sql`select corp_id, owner, '/web/apps/list', 'mine', 'enabled=1' from workbench`
    await put(sql`insert into list_view (corp_id, owner, list, name, query) ${views}
      union all values (${corpId}, '', '/web/apps/list', 'of all', 'enabled=1')`)
    await world.ctx.jobs.run('retention')
    const ofCorp = await world.ctx.db.deleteFrom('list_view').where('owner', '=', '').executeTakeFirst()
    expect(ofCorp.numDeletedRows).toBe(1n)
    for (const table of ['workbench', 'announcement_reader', 'list_view'] as const) {
      const left = await world.ctx.db.selectFrom(table).select('owner').orderBy('owner').execute()
      expect(left.map(row => row.owner)).toEqual([expect.stringMatching(/^\d{1,6}$/), 'admin:root'])
    }
  })

  it('deletes what a person did with messages and announcements once the person is deleted', async () => {
    const { corpId } = world
    await putMessage(where, 1, 'marked')
    const { id } = await world.ctx.db
      .selectFrom('member')
      .select('id')
      .where('left_at', 'is', null)
      .limit(1)
      .executeTakeFirstOrThrow()
    await put(
      sql`insert into message_mark (corp_id, message_id, member_id, read_at) values (${corpId}, 'marked', ${id}, now())`,
    )
    await cases['announcement']?.put(1, 'marked')
    await put(sql`insert into announcement_mark (corp_id, announcement_id, member_id, shown_at)
      select corp_id, id, ${id}, now() from announcement where title = 'marked'`)
    await put(sql`update member set left_at = ${ago(731)} where corp_id = ${corpId} and id = ${id}`)
    await world.ctx.jobs.run('retention')
    expect([
      await count('message', sql`id = 'marked'`),
      await count('message_mark'),
      await count('announcement_mark'),
    ]).toEqual([1, 0, 0])
  })

  it('leaves alerts that are open', async () => {
    await put(sql`insert into alert (corp_id, cause, subject, detail, since)
      values (${world.corpId}, 'syncFailed', 'open', '{}', ${ago(400)})`)
    await world.ctx.jobs.run('retention')
    expect(await count('alert', sql`subject = 'open'`)).toBe(1)
  })

  it('leaves events that still wait', async () => {
    const { corpId } = world
    await put(sql`insert into inbox_event (corp_id, stream, source, kind, entity, dedupe_key, state, received_at, next_attempt_at)
      values (${corpId}, 'directory', 'callback', 'x', 'other', 'waiting', 'pending', ${ago(90)}, now() + interval '1 day')`)
    await world.ctx.jobs.run('retention')
    expect(await count('inbox_event', sql`dedupe_key = 'waiting'`)).toBe(1)
  })

  it('leaves runs that are not over, and what a run read and found goes with it', async () => {
    const { corpId } = world
    const putRun = async (state: string, finishedAt: Date | null) => {
      const { rows } = await sql<{ id: number }>`
        insert into sync_run (corp_id, kind, state, requested_by, created_at, updated_at, finished_at)
        values (${corpId}, 'full', ${state}, 'pruned', ${ago(90)}, ${ago(90)}, ${finishedAt}) returning id`.execute(
        world.ctx.db,
      )
      const id = rows[0]?.id
      await put(sql`insert into sync_page (run_id, page, user_keys) values (${id}, 'members', '{}')`)
      await put(
        sql`insert into sync_drift (run_id, n, kind, op, entity_id) values (${id}, 1, 'member', 'put', 'x')`,
      )
      return id
    }
    const over = await putRun('done', ago(31))
    const left = [await putRun('approval', null), await putRun('failed', ago(29))]
    await world.ctx.jobs.run('retention')
    for (const [table, column] of [
      ['sync_run', 'id'],
      ['sync_page', 'run_id'],
      ['sync_drift', 'run_id'],
    ] as const) {
      const of = (id: unknown) => count(table, sql`${sql.ref(column)} = ${id}`)
      expect([await of(over), await of(left[0]), await of(left[1])], table).toEqual([0, 1, 1])
    }
  })

  it('goes on in batches until nothing old is left', async () => {
    await put(sql`insert into audit (actor, act, target, at)
      select 'a', 'test', 'batch', ${ago(500)} from generate_series(1, 35)`)
    const sizes: number[] = []
    const [audit] = retention['audit'] ?? []
    if (!audit || !('prune' in audit)) throw new Error('audit is pruned')
    const watched = {
      ...audit,
      prune: async (...given: Parameters<typeof audit.prune>) => {
        const rows = await audit.prune(...given)
        sizes.push(rows)
        return rows
      },
    }
    await pruneAll(world.ctx, { audit: [watched] }, 10)
    expect(sizes).toEqual([10, 10, 10, 5])
    expect(await count('audit', sql`target = 'batch'`)).toBe(0)
  })

  it('deletes the old rows of a table whose old months cannot go', async () => {
    const calls = pruned.find(one => one.table === 'call_log')
    if (!calls) throw new Error('the call log is pruned')
    let times = 0
    const counted = { ...calls, prune: async () => times++ }
    const direct = new Proxy(world.ctx.direct, {
      get(own, name) {
        if (name === 'connection') throw new Error('no way there')
        const value = Reflect.get(own, name, own)
        return typeof value === 'function' ? value.bind(own) : value
      },
    })
    await putMonth('call_log', 400)
    const failed = pruneAll({ ...world.ctx, direct }, { requests: [counted] })
    await expect(failed).rejects.toThrow('old rows not deleted from call_log')
    expect(times).toBe(1)
  })

  it('logs a table that fails and still prunes the others', async () => {
    await put(
      sql`insert into audit (actor, act, target, at) values ('a', 'test', 'after a failure', ${ago(500)})`,
    )
    const fails = {
      table: 'session',
      keptDays: 1,
      countedFrom: '',
      prune: () => Promise.reject(new Error('no such luck')),
    } as const
    lines.length = 0
    await expect(pruneAll(world.ctx, { broken: [fails], ...retention })).rejects.toThrow(
      'old rows not deleted from session',
    )
    expect(await count('audit', sql`target = 'after a failure'`)).toBe(0)
    expect(lines.join('')).toMatch(/"owner":"broken","table":"session","error":"Error: no such luck"/)
  })
})
