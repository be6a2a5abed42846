import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allFeatures } from '../server/features.ts'
import { offeredBy } from '../server/platform/manifest/offered.ts'
import { startWorld, type World } from './harness.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ members: 5, departments: 2 })
})
afterAll(() => world.close())

const { personal } = offeredBy(allFeatures, () => undefined)
const declared = new Set(
  personal.flatMap(one => Object.keys(one.columns).map(name => `${one.table}.${name}`)),
)

/** Names of columns that hold personal data, or of JSON and texts that may. */
const looksPersonal = new RegExp(
  [
    '(^|_)(member|user|payer|holder|leader|person|receiver)_?ids?$',
    '^(from|to|passed|held|assigned)_(id|by|to|member)$',
    '(^|_)(user_keys?|user_name|payer_name|actor_name|nickname|alias|avatar)$',
    '(^|_)(mobile|phone|tel|email|mail|openids?|unionid)$',
    '(^|_)(actor|owner|members|sender|receiver|receivers|person|wanted|leaders|said_by)$',
    '_by$',
    '^(user_agent|plain|raw|answer|selected|audience|payload|data|detail|receipts|refused|attributes)$',
  ].join('|'),
)

/** Columns that look so and say nothing of a person, and what they say. */
const nothingOfPersons: readonly [RegExp, string][] = [
  [/^(admin_account|recovery_code)\./, 'local accounts are of the installation'],
  [/\.(owner|refresher|holder)$/, 'of tokens, nonces, dedups and tasks: a developer, an app or a node'],
  [/\.owner_id$/, 'the agent or official account of a rule'],
  [/^upstream_credential\./, 'a vendor'],
  [/^(siem_told\.receiver_id|audit_destination\.receiver)$/, 'a receiver of entries'],
  [/\.(refused|receivers)$|^(directory_feed|group_chat)\.members$/, 'how many'],
  [/^app_menu_attempt\.answer$/, "the answer of an app's server"],
  [/^app_sign_in\.attributes$/, 'names of attributes'],
  [/^official_window\.opened_by$/, 'a kind of act'],
  [/^official_conversation\.needs_person$/, 'a state'],
  [/^todo\.finish_by$/, 'the app, or a person'],
  [/^todo_source\.(user_name|takes_unknown_sender)$/, 'an account of the source, and a setting'],
]

it('every column that looks personal is declared by its room', async () => {
  const { rows } = await sql<{ column: string }>`
    select c.relname || '.' || a.attname as "column"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`.execute(
    world.ctx.db,
  )
  const all = rows.map(row => row.column)
  const undeclared = all.filter(one => looksPersonal.test(one.split('.')[1] ?? '') && !declared.has(one))
  const unexplained = undeclared.filter(one => !nothingOfPersons.some(([like]) => like.test(one)))
  expect(unexplained).toEqual([])
  // Nobody declares what is not there.
  expect([...declared].filter(one => !all.includes(one))).toEqual([])
})

it('what is said to go with the member is deleted with its row', async () => {
  const { rows } = await sql<{ column: string }>`
    select c.conrelid::regclass || '.' || a.attname as "column"
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
    where c.contype = 'f' and c.confrelid in ('member'::regclass, 'member_role'::regclass) and c.confdeltype = 'c'`.execute(
    world.ctx.db,
  )
  const cascading = new Set(rows.map(row => row.column))
  const staying = personal
    .filter(one => one.erased === 'goes')
    .flatMap(({ table, columns }) =>
      Object.entries(columns).flatMap(([name, role]) => (role === 'member' ? [`${table}.${name}`] : [])),
    )
    .filter(column => !cascading.has(column))
  expect(staying).toEqual([])
})
