import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillTables } from '../../../../test/filled-tables.fixture.ts'
import { startWorld, type World } from '../../../../test/harness.ts'
import { until } from '../../../../test/until.ts'
import { addCorp } from '../../../organisation/corps/corps.ts'
import { createLog } from '../../../platform/operation/log.ts'
import type { ColumnRole } from '../../../platform/storage/personal/personal-table.ts'
import { streamBackup } from '../../backup/backup.ts'
import { findPerson } from '../find-person.ts'
import { findRequest } from '../request-store.ts'
import { type Owners, ownersIn } from '../rows/owners-store.ts'
import { readColumns } from '../rows/person-rows-store.ts'
import { keysOf } from '../rows/person-store.ts'
import { askErasure } from './erase.ts'

const corpId = 'wwPerson'
const marks = ['Marked.Person', '马克标记', '13900009999', 'marked@person.example', 'oMarked'] as const
const [userId, name, mobile, mail, openid] = marks
const lines: string[] = []
let world: World
let memberId: number
beforeAll(async () => {
  const log = createLog('info', { write: (line: string) => lines.push(line) })
  world = await startWorld({ members: 5, departments: 2, overrides: { log } })
  await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'secret' })
  await fillTables(world.ctx, corpId, 3)
}, 60_000)
afterAll(() => world.close())

const tableNames = async () =>
  (
    await sql<{ name: string }>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not relispartition order by 1`.execute(world.ctx.db)
  ).rows.map(row => row.name)

/** Tables that have a mark in any row. */
async function found(): Promise<string[]> {
  const tables: string[] = []
  for (const table of await tableNames()) {
    const { rows } = await sql`
      select from ${sql.table(table)} as t where t::text ~* ${marks.join('|').replaceAll('.', '\\.')} limit 1`.execute(
      world.ctx.db,
    )
    if (rows.length > 0) tables.push(table)
  }
  return tables
}

function marked(role: ColumnRole, type: string): RawBuilder<unknown> | undefined {
  const isJson = type.startsWith('json')
  switch (role) {
    case 'member':
      return sql`${memberId}::bigint`
    case 'members':
      return sql`${[memberId]}::bigint[]`
    case 'owner':
      return sql`${String(memberId)}`
    case 'userId':
      return sql`${userId}`
    case 'userIds':
      return sql`${[userId]}::text[]`
    case 'quoted':
      return sql`${JSON.stringify({ who: [userId.toLowerCase()] })}::text::${sql.raw(type)}`
    case 'mobile':
      return sql`${mobile}`
    case 'mail':
      return sql`${mail}`
    case 'openid':
      return sql`${openid}`
    case 'openids':
      return sql`${[openid]}::text[]`
    case 'text':
      if (type === 'text') return sql`${name}`
      return isJson ? sql`${JSON.stringify([name])}::text::${sql.raw(type)}` : undefined
  }
}

/** Puts the person into a row of every declared table. */
async function markEverywhere(): Promise<void> {
  const columns = await readColumns(world.ctx.db)
  // Whom a role is held by is a row of its own.
  await sql`
    insert into three_person (person, role) select ${mobile}, role from three_holder
    where corp_id = ${corpId} order by ctid limit 1`.execute(world.ctx.db)
  const seen = new Map<string, number>()
  for (const table of world.ctx.offered.personal) {
    const own = columns.get(table.table)
    if (
      !own?.has('corp_id') ||
      table.table === 'corp' ||
      (table.table === 'member' && table.erased === 'rows')
    )
      continue
    const n = seen.get(table.table) ?? 0
    seen.set(table.table, n + 1)
    const changes = Object.entries({ ...table.columns }).flatMap(([column, role]) => {
      const { type = '', isGenerated = false } = own.get(column) ?? {}
      const value = marked(role, type)
      if (isGenerated) return [sql`member_id = ${memberId}`]
      return value ? [sql`${sql.id(column)} = ${value}`] : []
    })
    for (const [column, value] of Object.entries(table.only ?? {}))
      changes.push(sql`${sql.id(column)} = ${value}`)
    if (changes.length === 0) continue
    const place = sql.table(table.table)
    await sql`
      update ${place} set ${sql.join(changes)} where (tableoid, ctid) = (
        select tableoid, ctid from ${place} where corp_id = ${corpId} order by ctid offset ${n} limit 1)`
      .execute(world.ctx.db)
      .catch(error => expect.fail(`${table.table}: ${error}`))
  }
}

const ended = (id: number) =>
  until('the end of the erasure', async () => {
    const request = await findRequest(world.ctx.db, corpId, id)
    return request && request.state !== 'asked' && request
  })

/** One reading for many people finds of each what a reading for them alone does. */
async function expectSameOwners(): Promise<void> {
  const { db, offered } = world.ctx
  const { rows } = await sql<{ id: number }>`
    select id from member where corp_id = ${corpId} order by id`.execute(db)
  const people = await Promise.all(rows.map(({ id }) => keysOf(db, corpId, id, true)))
  const columns = await readColumns(db)
  const tables = offered.personal.filter(one => one.erased === 'rows' || one.erased === 'names')
  const together = await ownersIn(db, tables, people, columns, offered.personal)
  const tablesOf = (owners: Owners, id: number) =>
    tables.flatMap(one => (owners.get(one)?.has(id) ? [one.table] : []))
  for (const person of people) {
    const alone = await ownersIn(db, tables, [person], columns, offered.personal)
    expect(tablesOf(together, person.memberId)).toEqual(tablesOf(alone, person.memberId))
  }
  expect(tablesOf(together, memberId).length).toBeGreaterThan(40)
}

it('an erased person is nowhere but where the register says: tables, files, the log and the next backup', async () => {
  const { rows } = await sql<{ id: number }>`
    update member set user_id = ${userId}, user_key = ${userId.toLowerCase()}, name = ${name}, mobile = ${mobile},
      email = ${mail}, left_at = now() - interval '40 days'
    where corp_id = ${corpId} and id = (select min(id) from member where corp_id = ${corpId}) returning id`.execute(
    world.ctx.db,
  )
  memberId = rows[0]!.id
  await sql`delete from pay_bill where corp_id = ${corpId} and state = 'open'`.execute(world.ctx.db)
  await markEverywhere()
  const before = await found()
  expect(before.length).toBeGreaterThan(70)
  await expectSameOwners()

  const person = await findPerson(world.ctx, corpId, { userId })
  const id = await askErasure(world.ctx, 'test', corpId, person, { cause: 'asked', reason: 'test' })
  const request = await ended(id)
  expect(request).toMatchObject({ state: 'done', userId: '', name: '' })

  const stays = new Set(
    world.ctx.offered.personal
      .filter(one => !['rows', 'names', 'goes'].includes(one.erased))
      .map(one => one.table as string),
  )
  const after = await found()
  expect(after.filter(table => !stays.has(table))).toEqual([])
  // Where a table has both, nothing is left of what is erased.
  const gone = world.ctx.offered.personal.filter(one => ['rows', 'names'].includes(one.erased))
  expect(gone.length).toBeGreaterThan(40)

  const packed = new PassThrough()
  const dump = textOf(packed.pipe(createGunzip()))
  await streamBackup(world.ctx, packed)
  packed.end()
  const named = (await dump)
    .split('\n')
    .filter(line => marks.some(mark => line.toLowerCase().includes(mark.toLowerCase())))
  const kept = await Promise.all(
    after.map(async table => {
      const { rows: counted } = await sql<{ n: number }>`
        select count(*)::int as n from ${sql.table(table)} as t where t::text ~* ${marks.join('|').replaceAll('.', '\\.')}`.execute(
        world.ctx.db,
      )
      return counted[0]!.n
    }),
  )
  // A row of the backup for each row that stays, and none more.
  expect(named.length).toBeLessThanOrEqual(kept.reduce((sum, n) => sum + n, 0))
  expect(lines.filter(line => marks.some(mark => line.includes(mark)))).toEqual([])
  expect(filesWith(world.ctx.config.dataDir)).toEqual([])
})

/** Files below the folder that have a mark; the database's own are read by its tables. */
function filesWith(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(one => join(folder, one))
  const files = all.filter(one => !one.includes('postgres') && statSync(one).isFile())
  return files.filter(one => marks.some(mark => readFileSync(one).includes(mark)))
}

it('a person whom a restored backup brings back is erased again, and somebody else with the number is not', async () => {
  const bring = (key: string) =>
    sql`
      insert into member (id, corp_id, user_id, user_key, name, alias, mobile, email, sex, avatar, address, position, status,
        main_department, departments, orders, leader_in, direct_leaders, hash, created_at, left_at, from_wecom)
      overriding system value
      values (${memberId}, ${corpId}, ${key}, ${key}, 'x', '', '', '', 0, '', '', '', 1, 1, '{1}', '{0}', '{0}', '{}', 1, now(), now(), 0)`.execute(
      world.ctx.db,
    )
  await bring('someone.else')
  await world.ctx.jobs.run('personal-erasure')
  const left = async () =>
    (await sql`select from member where id = ${memberId}`.execute(world.ctx.db)).rows.length
  await sql`delete from member where id = ${memberId}`.execute(world.ctx.db)
  const asked = await sql`select from person_request where corp_id = ${corpId} and cause = 'again'`.execute(
    world.ctx.db,
  )
  expect(asked.rows).toHaveLength(0)
  await bring(userId.toLowerCase())
  await world.ctx.jobs.run('personal-erasure')
  await until('erased again', async () => (await left()) === 0)
})
