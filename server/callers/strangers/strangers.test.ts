import { Writable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { signInAs } from '../../../test/sign-in.ts'
import { until } from '../../../test/until.ts'
import { addCasApp } from '../../features/cas/browser.fixture.ts'
import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/operation/log.ts'
import type { AttemptKey } from '../../platform/security/counters.ts'
import { type Server, startServer } from '../../server.ts'
import { createStrangers } from './strangers.ts'

let world: World
let other: Server
const lines: Record<string, unknown>[] = []
const log = createLog(
  'info',
  new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  }),
)
beforeAll(async () => {
  world = await startWorld({
    members: 20,
    departments: 3,
    env: { WISP_TRUSTED_PROXIES: '127.0.0.1' },
    overrides: { log },
  })
  await addCasApp(world, '图书馆', { services: ['https://lib.example.com/'] })
  other = await startServer(readConfig(world.env), { log: createLog('silent') })
})
afterAll(async () => {
  await other.close()
  await world.close()
})
beforeEach(() => {
  lines.length = 0
})

let networks = 0
const newNetwork = () => `10.3.${networks >> 8}.${networks++ & 255}`
/** A page that anybody is refused, and its number. */
async function refusedPage(url: string, from: string): Promise<string> {
  const query = new URLSearchParams({ service: 'https://evil.example/' })
  const answer = await fetch(`${url}/cas/${world.corpId}/login?${query}`, {
    headers: { 'x-forwarded-for': from },
  })
  const number = answer.headers.get('x-request-id') ?? ''
  expect([answer.status, (await answer.text()).includes(number)]).toEqual([403, true])
  return number
}
const rows = (table: 'refusal' | 'sign_in_log', from: string) =>
  world.ctx.db
    .selectFrom(table)
    .select(sql<string>`xmin::text`.as('written'))
    .where('address', '=', from)
    .execute()

describe('refused pages', () => {
  it('are written together and not each for itself, up to the limits', async () => {
    const from = newNetwork()
    const began = performance.now()
    for (let n = 0; n < 6; n++)
      await Promise.all(Array.from({ length: 50 }, () => refusedPage(world.server.url, from)))
    const seconds = Math.ceil((performance.now() - began) / 1000)
    await world.ctx.strangers.settled()
    const [refusals, signIns] = [await rows('refusal', from), await rows('sign_in_log', from)]
    expect([refusals.length, signIns.length]).toEqual([200, 300])
    // A statement a second for each table.
    for (const some of [refusals, signIns])
      expect(new Set(some.map(one => one.written)).size).toBeLessThanOrEqual(seconds + 1)
    expect(await world.ctx.metrics.text()).toMatch(
      /wisp_strangers_left_out_total\{kind="refusal",why="limit"\} 100/,
    )
  })

  it('of one network are counted over all nodes', async () => {
    const from = newNetwork()
    for (const url of [world.server.url, other.url])
      await Promise.all(Array.from({ length: 150 }, () => refusedPage(url, from)))
    await Promise.all([world.ctx.strangers.settled(), other.ctx.strangers.settled()])
    expect(await rows('refusal', from)).toHaveLength(200)
  })

  it('are found by their number at once, on any node', async () => {
    const helper = await signInAs(world, 'helpDesk', 'lisi')
    for (const url of [world.server.url, other.url]) {
      const number = await refusedPage(url, newNetwork())
      const { body } = await helper.get('/web/help-desk/find', { q: number })
      expect(body).toMatchObject({ by: 'refusal', refusal: { number } })
    }
    const admin = await signInAs(world, 'super', 'lisi')
    const number = await refusedPage(other.url, newNetwork())
    expect((await admin.get('/web/sign-ins', { number })).body.list).toMatchObject([{ number }])
    expect((await admin.get('/web/sign-ins', { number: 'none-1' })).body.list).toEqual([])
  })

  it('are kept whatever is cut off their words, with those beside them', async () => {
    const [from, neighbour] = [newNetwork(), newNetwork()]
    const request = (ip: string, id: string) =>
      ({ ip, id, headers: {}, raw: {} }) as unknown as FastifyRequest
    const detail = `${'x'.repeat(499)}😀`
    const refused = { corpId: world.corpId, member: undefined, place: 'sign-in', reason: 'unknown' } as const
    world.ctx.refusals.note({ ...refused, request: request(from, 'cut-1'), detail })
    world.ctx.refusals.note({
      ...refused,
      request: request(neighbour, 'cut-2'),
      detail: { zh: detail, en: detail },
    })
    await world.ctx.strangers.settled()
    expect([(await rows('refusal', from)).length, (await rows('refusal', neighbour)).length]).toEqual([1, 1])
  })

  it('of a corp that is deleted meanwhile leave those of others', async () => {
    const from = newNetwork()
    const gone = {
      request: { ip: from, id: 'gone-1', headers: {}, raw: {} },
      corpId: 'ww-gone',
      way: 'wecom',
      reason: 'code',
    }
    world.ctx.signInLog.note(gone as never)
    const number = await refusedPage(world.server.url, from)
    await world.ctx.strangers.settled()
    expect([(await rows('refusal', from)).length, (await rows('sign_in_log', from)).length, number]).toEqual([
      1,
      1,
      number,
    ])
  })

  it('are written when the node ends', async () => {
    const last = await startServer(readConfig(world.env), { log: createLog('silent') })
    const from = newNetwork()
    await refusedPage(last.url, from)
    await last.close()
    expect(await rows('refusal', from)).toHaveLength(1)
  })
})

it('sign-ins that come to nothing are counted in the log by network, without stacks', async () => {
  const [one, another] = [newNetwork(), newNetwork()]
  const ask = (from: string) =>
    fetch(`${world.server.url}/signin/callback?code=x`, {
      redirect: 'manual',
      headers: { 'x-forwarded-for': from },
    })
  world.clock.offsetMs += 20_000
  await world.ctx.strangers.flush()
  lines.length = 0
  await Promise.all([
    ...Array.from({ length: 60 }, () => ask(one)),
    ...Array.from({ length: 5 }, () => ask(another)),
  ])
  world.clock.offsetMs += 20_000
  const told = () => lines.filter(line => line['msg'] === 'not signed in')
  const sum = (network: string) =>
    told()
      .filter(line => line['network'] === network)
      .reduce((all, line) => all + Number(line['times']), 0)
  await until('the lines', () => sum(one) === 60 && sum(another) === 5)
  expect(told().length).toBeLessThanOrEqual(4)
  expect(told()[0]).toMatchObject({
    level: 'warn',
    why: { state: expect.any(Number) },
    last: { requestId: expect.any(String) },
  })
  expect(JSON.stringify(lines)).not.toContain('stack')
})

it('people without a session get their pages in turns, and others get theirs between them', async () => {
  let turn = 0
  let isOver = false
  const count = () => {
    turn++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const ask = (url: string) =>
    world.server.app.inject({ url }).then(({ statusCode }) => ({ statusCode, turn }))
  const refused = await Promise.all(
    Array.from({ length: 40 }, () => ask(`/cas/${world.corpId}/login?service=https%3A%2F%2Fevil.example`)),
  )
  isOver = true
  expect(refused.every(one => one.statusCode === 403)).toBe(true)
  // Two may fall into one turn beside other work; without turns all do.
  expect(new Set(refused.map(one => one.turn)).size).toBeGreaterThan(30)
})

describe('the queue', () => {
  const limit = { purpose: 'test-strangers', atMost: 1_000_000, windowMs: 60_000 }
  const counted: AttemptKey[] = [{ limit, subject: { corpId: '', of: 'all' } }]

  it('is bounded, and says what it leaves out', async () => {
    const strangers = createStrangers(world.ctx)
    const written: number[] = []
    const keep = strangers.kind<number>('test', async (_tx, some) => void written.push(...some))
    for (let n = 0; n < 6000; n++) keep(n, counted)
    await strangers.settled()
    expect(written).toEqual(Array.from({ length: 5000 }, (_, n) => n))
    expect(await world.ctx.metrics.text()).toContain(
      'wisp_strangers_left_out_total{kind="test",why="full"} 1000',
    )
    const said = lines.filter(line => line['rows'] !== undefined)
    expect(said).toMatchObject([{ level: 'warn', rows: { test: 1000 } }])
  })

  it('loses only the row that cannot be written, and not those beside it', async () => {
    const strangers = createStrangers(world.ctx)
    await world.ctx.db.schema.createTable('test_kept').addColumn('name', 'text').execute()
    const keep = strangers.kind<string>('partly', async (tx, some) => {
      await sql`insert into test_kept select * from jsonb_array_elements_text(${JSON.stringify(some)}::jsonb)`.execute(
        tx,
      )
    })
    const names = Array.from({ length: 40 }, (_, n) => `row ${n}`)
    for (const name of [...names.slice(0, 11), 'half \ud83d', ...names.slice(11)]) keep(name, counted)
    await strangers.settled()
    const { rows: kept } = await sql<{ name: string }>`select name from test_kept`.execute(world.ctx.db)
    expect(kept.map(one => one.name)).toEqual(names)
    expect(await world.ctx.metrics.text()).toContain(
      'wisp_strangers_left_out_total{kind="partly",why="failed"} 1',
    )
    await world.ctx.db.schema.dropTable('test_kept').execute()
  })

  it('tries again what failed, and gives up what always fails', async () => {
    const strangers = createStrangers(world.ctx)
    const written: string[] = []
    let failures = 0
    const keep = strangers.kind<string>('bad', async (_tx, some) => {
      if (failures-- > 0) throw new Error('not now')
      written.push(...some)
    })
    failures = 1
    keep('once', counted)
    await strangers.flush()
    expect(written).toEqual([])
    await strangers.settled()
    expect(written).toEqual(['once'])
    failures = 3
    keep('always', counted)
    await strangers.settled()
    expect(lines.find(line => line['rows'] !== undefined)).toMatchObject({
      rows: { bad: 1 },
      error: expect.stringContaining('not now'),
    })
    keep('next', counted)
    await strangers.settled()
    expect(written).toEqual(['once', 'next'])
    expect(await world.ctx.metrics.text()).toContain(
      'wisp_strangers_left_out_total{kind="bad",why="failed"} 1',
    )
  })
})
