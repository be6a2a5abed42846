/**
 * Whose rows a table has, of many people by one reading: an erasure then goes through the tables of each person alone, and not through all tables
 * once for each person.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { ColumnRole, PersonalTable } from '../../../platform/storage/personal/personal-table.ts'
import {
  type Columns,
  located,
  locators,
  namesByNumber,
  type PersonKeys,
  quotedPattern,
  type Sought,
} from './person-rows-store.ts'

type KeyKind = 'member' | 'key' | 'mobile' | 'mail' | 'openid'

/** The member ids of those who have rows, by table. */
export type Owners = ReadonlyMap<PersonalTable, ReadonlySet<number>>

/** @param people all of one corp */
export async function ownersIn(
  db: Db,
  tables: readonly PersonalTable[],
  people: readonly PersonKeys[],
  columns: Columns,
  all: readonly PersonalTable[],
): Promise<Owners> {
  const known = new Map<PersonalTable, ReadonlySet<number>>()
  const ownersOf = async (table: PersonalTable): Promise<ReadonlySet<number>> => {
    const before = known.get(table)
    if (before) return before
    const parent = table.through && all.find(one => one.table === table.through?.table && namesByNumber(one))
    // Rows that go by those of another table are of people who have some there.
    const owners = table.through
      ? parent
        ? await ownersOf(parent)
        : new Set<number>()
      : await read(db, table, people, columns, all)
    known.set(table, owners)
    return owners
  }
  if (people.length > 0) for (const table of tables) await ownersOf(table)
  return known
}

async function read(
  db: Db,
  table: PersonalTable,
  people: readonly PersonKeys[],
  columns: Columns,
  all: readonly PersonalTable[],
): Promise<ReadonlySet<number>> {
  const wanted = people.flatMap(person => wantedOf(person))
  const sought = soughtIn(people)
  const isMeant = located(table, sought, columns, all)
  const parts = locators(table).flatMap(([name, role]) => valuesOf(name, role, sought) ?? [])
  if (!isMeant || parts.length === 0) return new Set()
  const { rows } = await sql<{ memberId: number }>`
    select distinct wanted."memberId" from ${sql.table(table.table)} as t
      cross join lateral (${sql.join(parts, sql` union all `)}) as told(kind, value)
      join unnest(${wanted.map(one => one.kind)}::text[], ${wanted.map(one => one.value)}::text[],
        ${wanted.map(one => one.memberId)}::bigint[]) as wanted(kind, value, "memberId")
        on wanted.kind = told.kind and wanted.value = told.value
    where ${isMeant}`.execute(db)
  return new Set(rows.map(row => row.memberId))
}

function soughtIn(people: readonly PersonKeys[]): Sought {
  return {
    corpId: people[0]?.corpId ?? '',
    memberIds: people.map(one => one.memberId),
    keys: people.flatMap(one => one.keys),
    mobiles: people.flatMap(one => one.mobiles),
    mails: people.flatMap(one => one.mails),
    openids: people.flatMap(one => one.openids),
  }
}

function wantedOf({ memberId, keys, mobiles, mails, openids }: PersonKeys) {
  const of = (kind: KeyKind, values: readonly string[]) => values.map(value => ({ kind, value, memberId }))
  return [
    ...of('member', [String(memberId)]),
    ...of('key', keys),
    ...of('mobile', mobiles),
    ...of('mail', mails),
    ...of('openid', openids),
  ]
}

/** Who a column of `t` names, as rows of kind and value; undefined where it can name nobody. */
function valuesOf(name: string, role: ColumnRole, { keys }: Sought): RawBuilder<unknown> | undefined {
  const column = sql.ref(`t.${name}`)
  switch (role) {
    case 'member':
    case 'owner':
      return sql`select 'member', ${column}::text`
    case 'members':
      return sql`select 'member', one::text from unnest(${column}) as x(one)`
    case 'userId':
    case 'text':
      return sql`select 'key', lower(${column})`
    case 'userIds':
      return sql`select 'key', lower(one) from unnest(${column}) as x(one)`
    case 'quoted': {
      if (keys.length === 0) return undefined
      const pattern = quotedPattern(keys).replace('(?:', '(')
      return sql`select 'key', lower(one[1]) from regexp_matches(${column}::text, ${pattern}, 'gi') as x(one)`
    }
    case 'mobile':
    case 'mail':
      return sql`select ${sql.lit(role)}, lower(${column})`
    case 'openid':
      return sql`select 'openid', ${column}`
    case 'openids':
      return sql`select 'openid', one from unnest(${column}) as x(one)`
  }
}
