import { readFileSync } from 'node:fs'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allFeatures } from '../server/features.ts'
import { offeredBy } from '../server/platform/manifest/offered.ts'
import { createLog } from '../server/platform/operation/log.ts'
import { pruneAll } from '../server/platform/upkeep/retention.ts'
import { startWorld, type World } from './harness.ts'
import {
  calledByDevelopers,
  ofDevelopers,
  paid,
  sentByAccounts,
  told,
  toldToAccounts,
} from './retention.fixture.ts'

const dayMs = 86_400_000
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
const ago = (days: number) => new Date(Date.now() - days * dayMs)

describe('the declarations', () => {
  it('name every table of the database once', async () => {
    const found = await sql<{ name: string }>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not relispartition and relname <> 'migration' order by 1`.execute(world.ctx.db)
    expect(declared.map(one => one.table).sort()).toEqual(found.rows.map(row => row.name))
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

it('docs/retention.md says the same', () => {
  const page = readFileSync('docs/retention.md', 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([\w-]+) \| (\d+) \|/gm)].map(([, ...row]) => row.join(' '))
  const wanted = Object.entries(retention).flatMap(([owner, tables]) =>
    tables.flatMap(one => ('prune' in one ? [`${one.table} ${owner} ${one.keptDays}`] : [])),
  )
  expect(rows.sort()).toEqual(wanted.sort())
})

/**
 * How to test a table that is pruned: `put` inserts a row of the given age in days and tags it with a mark, which is in the
 * column `marked`. `kept` is the greatest age in days that a row may reach.
 */
type Case = { kept: number; put: (days: number, mark: string) => Promise<unknown>; marked: string }
const put = (statement: ReturnType<typeof sql>) => statement.execute(world.ctx.db)

const corpId = () => world.corpId
const cases: Record<string, Case> = {
  audit: {
    kept: 400,
    marked: 'target',
    put: (days, mark) =>
      put(sql`insert into audit (actor, act, target, at) values ('a', 'test', ${mark}, ${ago(days)})`),
  },
  node: {
    kept: 1,
    marked: 'id',
    put: (days, mark) => put(sql`insert into node values (${mark}, 'host:3000', '0', '{}', ${ago(days)})`),
  },
  node_address: {
    kept: 7,
    marked: 'node',
    put: (days, mark) => put(sql`insert into node_address values (${mark}, '192.0.2.1', ${ago(days)})`),
  },
  ...ofDevelopers(put, corpId, () => world.dev.devId),
  packet_session: {
    kept: 0,
    marked: 'id',
    put: async (days, mark) => {
      await put(sql`insert into packet_device (corp_id, dev_id, device_id, master_key, registered_at)
        values (${world.corpId}, ${world.dev.devId}, 'phone', '', now()) on conflict do nothing`)
      await put(sql`insert into packet_session (corp_id, id, dev_id, device_id, suite, nonce, created_at, expires_at)
        values (${world.corpId}, ${mark}, ${world.dev.devId}, 'phone', 'gcm', gen_random_uuid(), ${ago(days)}, ${ago(days)})`)
    },
  },
  packet_nonce: {
    kept: 1,
    marked: 'owner',
    put: (days, mark) =>
      put(sql`insert into packet_nonce (corp_id, owner, nonce, ends_at)
        values (${world.corpId}, ${mark}, gen_random_uuid(), ${ago(days)})`),
  },
  member: {
    kept: 730,
    marked: 'user_id',
    put: (days, mark) =>
      put(sql`insert into member (corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position,
          status, main_department, departments, orders, leader_in, direct_leaders, hash, created_at, left_at)
        values (${world.corpId}, ${mark}, ${mark}, '', '', '', '', 0, '', '', '', 5, 1, '{}', '{}', '{}', '{}', 0,
          ${ago(days)}, ${ago(days)})`),
  },
  member_alias: {
    kept: 0,
    marked: 'user_key',
    put: (days, mark) =>
      put(sql`insert into member_alias (corp_id, user_key, member_id, expires_at)
        select corp_id, ${mark}, id, ${ago(days)} from member where left_at is null limit 1`),
  },
  directory_change: {
    kept: 30,
    marked: 'entity_id',
    put: (days, mark) =>
      // Numbers grow with time, so these precede all others, older ones first.
      put(sql`insert into directory_change (corp_id, seq, kind, op, entity_id, at)
        values (${world.corpId}, ${-Math.ceil(days * 10)}, 'member', 'put', ${mark}, ${ago(days)})`),
  },
  inbox_event: {
    kept: 30,
    marked: 'dedupe_key',
    put: (days, mark) =>
      put(sql`insert into inbox_event (corp_id, stream, source, kind, entity, dedupe_key, state, received_at, next_attempt_at)
        values (${world.corpId}, 'directory', 'callback', 'x', 'other', ${mark}, 'done', ${ago(days)}, ${ago(days)})`),
  },
  sync_run: {
    kept: 30,
    marked: 'requested_by',
    put: (days, mark) =>
      put(sql`insert into sync_run (corp_id, kind, state, requested_by, created_at, updated_at, finished_at)
        values (${world.corpId}, 'full', 'done', ${mark}, ${ago(days)}, ${ago(days)}, ${ago(days)})`),
  },
  session: {
    kept: 7,
    marked: 'id',
    put: (days, mark) =>
      put(sql`insert into session (id, created_at, seen_at, expires_at)
        values (${mark}, ${ago(days + 1)}, ${ago(days + 1)}, ${ago(days)})`),
  },
  ticket: {
    kept: 7,
    marked: 'id',
    async put(days, mark) {
      await put(sql`insert into app (id, corp_id, name, created_at)
        values ('an app', ${world.corpId}, 'x', ${ago(days)}) on conflict do nothing`)
      await put(sql`insert into ticket (id, corp_id, app_id, created_at, expires_at)
        values (${mark}, ${world.corpId}, 'an app', ${ago(days + 1)}, ${ago(days)})`)
    },
  },
  message: {
    kept: 180,
    marked: 'id',
    put: (days, mark) => putMessage(world.corpId, days, mark),
  },
  attempt_counter: {
    kept: 1,
    marked: 'subject',
    put: (days, mark) => put(sql`insert into attempt_counter values ('', 'test', ${mark}, 1, ${ago(days)})`),
  },
  upstream_credential: {
    kept: 7,
    marked: 'owner',
    put: (days, mark) =>
      put(sql`insert into upstream_credential values (${world.corpId}, ${mark}, 'x', 'x', ${ago(days)})`),
  },
  stored_file: {
    kept: 1,
    marked: 'hash',
    put: (days, mark) =>
      put(sql`insert into stored_file values (${world.corpId}, ${mark}, 'image/png', '', ${ago(days)})`),
  },
  official_node: {
    kept: 7,
    marked: 'node_id',
    async put(days, mark) {
      await put(sql`insert into official_account (corp_id, original_id, name, app_id, secret, kind, verified, mode,
          callback_token, callback_aes_key, secret_at, created_at)
        values (${world.corpId}, 'gh_old', 'x', 'wx', 'x', 'service', true, 'secure', 'x', 'x', now(), now())
        on conflict do nothing`)
      await put(
        sql`insert into official_node values (${world.corpId}, 'gh_old', ${mark}, 'x', 0, '', '', ${ago(days)})`,
      )
    },
  },
  message_dedup: {
    kept: 0,
    marked: 'hash',
    put: (days, mark) =>
      put(sql`insert into message_dedup values (${world.corpId}, ${mark}, '', ${ago(days)})`),
  },
  message_pace: {
    kept: 1 / 24,
    marked: 'user_key',
    put: (days, mark) =>
      put(
        sql`insert into message_pace values (${world.corpId}, 1, ${mark}, array[${ago(days).getTime()}::bigint])`,
      ),
  },
  message_receipt: {
    kept: 7,
    marked: 'channel',
    put: (days, mark) =>
      put(sql`insert into message_receipt (corp_id, channel, receipts, received_at)
        values (${world.corpId}, ${mark}, '[]', ${ago(days)})`),
  },
  message_refusal: {
    kept: 30,
    marked: 'channel',
    put: (days, mark) =>
      put(sql`insert into message_refusal values (${world.corpId}, ${mark}, 0, '', ${ago(days)})`),
  },
  alert: {
    kept: 90,
    marked: 'subject',
    put: (days, mark) =>
      put(sql`insert into alert (corp_id, cause, subject, detail, since, ended_at)
        values (${world.corpId}, 'syncFailed', ${mark}, '{}', ${ago(days + 1)}, ${ago(days)})`),
  },
  message_day: {
    kept: 7,
    marked: 'sent',
    put: (days, mark) =>
      put(sql`insert into message_day values (${world.corpId}, 1, ${ago(days).toISOString().slice(0, 10)}::date,
        ${mark === 'old' ? 1 : 2})`),
  },
  official_link_request: {
    kept: 1,
    marked: 'secret_hash',
    put: (days, mark) =>
      putOfAccount(sql`insert into official_link_request (corp_id, original_id, member_id, step, secret_hash, expires_at)
        select ${world.corpId}, 'gh_old', id, 'offered', ${mark}, ${ago(days)} from member
        order by id limit 1 offset ${mark === 'old' ? 0 : 1}`),
  },
  ...calledByDevelopers(put, corpId, () => world.dev.devId),
  ...paid(put, corpId),
  ...told(put, corpId),
  ...sentByAccounts(putOfAccount, corpId),
  ...toldToAccounts(putOfAccount, corpId),
}

/** Puts a row of an official account, which is bound first. */
async function putOfAccount(row: RawBuilder<unknown>) {
  await put(sql`insert into official_account (corp_id, original_id, name, app_id, secret, kind, verified, mode,
      callback_token, callback_aes_key, secret_at, created_at)
    values (${world.corpId}, 'gh_old', '', '', '', 'service', true, 'secure', '', '', now(), now())
    on conflict do nothing`)
  await put(row)
}

async function putMessage(corpId: string, days: number, mark: string) {
  await put(sql`insert into message (id, corp_id, dev_id, channel, agent_name, content, truncated, receivers, answer, created_at)
    values (${mark}, ${corpId}, '', 'wecom', '', '', '{}', 1, '{}', ${ago(days)})`)
  await put(sql`insert into message_part (message_id, corp_id, channel, n, user_ids, member_ids, state, next_attempt_at)
    values (${mark}, ${corpId}, 'wecom', 1, '{}', '{}', 'sent', ${ago(days)})`)
}

describe('the job "retention"', () => {
  it.each(Object.keys(cases))('deletes what is old of %s, and nothing else', async table => {
    const { kept, put, marked } = cases[table] as Case
    const others = await count(table)
    await put(kept + 1.1, 'old')
    await put(kept - 1.1, 'young')
    await world.ctx.jobs.run('retention')
    const left = async (mark: string) =>
      count(
        table,
        sql`${sql.ref(marked)}::text = ${table === 'message_day' ? (mark === 'old' ? '1' : '2') : mark}`,
      )
    expect([await left('old'), await left('young')]).toEqual([0, 1])
    expect(await count(table)).toBe((others ?? 0) + 1)
  })

  it('has a case here for every table that is pruned', () => {
    const tried = [...Object.keys(cases), 'workbench']
    expect(tried.sort()).toEqual(pruned.map(one => one.table).sort())
  })

  it('keeps messages for as many days as their corp says', async () => {
    await put(sql`insert into message_settings (corp_id, keep_days) values (${world.corpId}, 10)`)
    await putMessage(world.corpId, 11, 'older than ten days')
    await putMessage(world.corpId, 9, 'younger than ten days')
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

  it('deletes workbenches whose person is gone', async () => {
    const { corpId } = world
    await put(
      sql`insert into admin_account values ('root', 'x', false, 0, null, now()) on conflict do nothing`,
    )
    await put(sql`insert into workbench (corp_id, owner)
      select corp_id, id::text from member where left_at is null limit 1`)
    await put(sql`insert into workbench (corp_id, owner)
      values (${corpId}, '99999999'), (${corpId}, 'admin:root'), (${corpId}, 'admin:gone')`)
    await world.ctx.jobs.run('retention')
    const left = await world.ctx.db.selectFrom('workbench').select('owner').orderBy('owner').execute()
    expect(left.map(row => row.owner)).toEqual([expect.stringMatching(/^\d{1,6}$/), 'admin:root'])
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

  it('logs a table that fails and still prunes the others', async () => {
    await put(
      sql`insert into audit (actor, act, target, at) values ('a', 'test', 'after a failure', ${ago(500)})`,
    )
    const fails = {
      table: 'session',
      keptDays: 1,
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
