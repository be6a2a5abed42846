import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMonth, monthOf } from '../../server/platform/storage/months/month-store.ts'
import { startWorld, type World } from '../harness.ts'
import { soak } from '../soak.ts'
import { exceptionFor, exceptions } from './exceptions.ts'
import { fillMass, massTables } from './mass.ts'
import { type Access, accessesOf, everyMonth, type Relations, readRelations } from './plan.ts'
import { type RecordedStatement, recordStatements } from './recorder.ts'
import { doEverything } from './workload.ts'

/** The planner decides for both alike; what it would read whole at the smaller size is too small to tell. */
const mass = soak({ corps: 200, messages: 50_000 }, { corps: 1000, messages: 1_000_000 })
const largeFrom = 5000

let world: World
let statements: RecordedStatement[]
let relations: Relations
let client: pg.Client
beforeAll(
  async () => {
    world = await startWorld()
    const { direct } = world.ctx
    await direct.transaction().execute(tx => fillMass(tx, world.corpId, mass))
    const recording = recordStatements(massTables)
    try {
      await doEverything(world)
    } finally {
      statements = recording.stop()
    }
    // Older than what anybody asks for by time.
    for (const table of ['call_log', 'event'])
      await direct.transaction().execute(tx => createMonth(tx, table, monthOf(new Date(), -4)))
    client = new pg.Client(world.env['WISP_DATABASE_URL'])
    await client.connect()
    relations = await readRelations(client)
  },
  soak(120_000, 20 * 60_000),
)
afterAll(async () => {
  await client?.end()
  await world.close()
})

it('every statement reads large tables by the corp or by the key of a row, and months by time', async () => {
  const wrong = new Set<string>()
  const used = new Set<(typeof exceptions)[number]>()
  const judge = (access: Access, text: string) => {
    const exception = exceptionFor(access, text)
    if (exception) used.add(exception)
    else
      wrong.add(
        `${access.table} by ${access.by} (${access.condition}) in ${text.replace(/\s+/g, ' ').trim()}`,
      )
  }
  for (const { text, values } of statements)
    for (const given of values) {
      const accesses = await accessesOf(client, relations, text, given)
      for (const access of accesses) if (!isNarrow(access)) judge(access, text)
      for (const access of everyMonth(relations, accesses)) judge(access, text)
    }
  expect([...wrong]).toEqual([])
  expect(exceptions.filter(one => !used.has(one))).toEqual([])
  expect(statements.length).toBeGreaterThan(200)
})

function isNarrow({ relation, condition }: Access): boolean {
  return relations.rowsOf(relation) < largeFrom || /\bcorp_id (=|IS NULL)/.test(condition)
}

it.each([
  ['a condition without the corp', 'select id from message where created_at < $1', 'message'],
  [
    'a join without the corp',
    "select 1 from message m join message_part p on p.message_id = m.id where m.corp_id = 'x' and m.created_at < $1",
    'message_part',
  ],
  [
    'months without a time',
    "select 1 from call_log where corp_id = 'x' and request_id = $1::text",
    'call_log',
  ],
])('%s would be found', async (_, text, table) => {
  const accesses = await accessesOf(client, relations, text, [new Date().toISOString()])
  const found = [...accesses.filter(one => !isNarrow(one)), ...everyMonth(relations, accesses)]
  expect(found.map(one => one.table)).toContain(table)
  expect(found.some(one => exceptionFor(one, text))).toBe(false)
})
