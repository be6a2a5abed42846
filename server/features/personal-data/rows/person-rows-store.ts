/**
 * Reads and erases the rows of a person by the declarations of all rooms (`storage/personal/personal-table.ts`). The columns' types are the catalog's, so that a
 * declaration says only what a column means.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/storage/db.ts'
import type { ColumnRole, PersonalTable } from '../../../platform/storage/personal/personal-table.ts'

/** By what a person's rows are found. */
export type PersonKeys = {
  corpId: string
  memberId: number
  /** Lower-case userids that no other member of the corp has or had. */
  keys: readonly string[]
  /** With those that others have too: they mean this person where the row names the person by number. */
  ownKeys: readonly string[]
  mobiles: readonly string[]
  mails: readonly string[]
  openids: readonly string[]
}

/** One person, or many: a row that is of any of them is meant. */
export type Sought = Pick<PersonKeys, 'corpId' | 'keys' | 'mobiles' | 'mails' | 'openids'> & {
  memberIds: readonly number[]
}

const soughtOf = (person: PersonKeys): Sought => ({ ...person, memberIds: [person.memberId] })

/** A generated column follows from others. */
type Column = { type: string; isRequired: boolean; isGenerated: boolean }
/** Columns of each table, by name. */
export type Columns = ReadonlyMap<string, ReadonlyMap<string, Column>>

export async function readColumns(db: Db): Promise<Columns> {
  const { rows } = await sql<Column & { table: string; name: string }>`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "isRequired",
      a.attgenerated <> '' as "isGenerated"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname, a.attnum`.execute(db)
  const tables = Map.groupBy(rows, row => row.table)
  return new Map(
    [...tables].map(([table, columns]) => [table, new Map(columns.map(one => [one.name, one]))] as const),
  )
}

const strong: readonly ColumnRole[] = ['member', 'members', 'owner']
const weak: readonly ColumnRole[] = ['userId', 'userIds', 'quoted', 'mobile', 'mail', 'openid', 'openids']

/** The columns by which rows are found: by number where a table has one, else by words. */
export function locators(table: PersonalTable): [string, ColumnRole][] {
  const columns = Object.entries(table.columns)
  const byNumber = columns.filter(([, role]) => strong.includes(role))
  return byNumber.length > 0 ? byNumber : columns.filter(([, role]) => weak.includes(role))
}

export function namesByNumber(table: PersonalTable): boolean {
  return Object.values(table.columns).some(role => strong.includes(role))
}

/** For a regular expression of PostgreSQL. */
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** A string of JSON that is no name of a field: somebody may have the userid `content`. */
export const quotedPattern = (keys: readonly string[]) => `"(?:${keys.map(escaped).join('|')})"(?!\\s*:)`

function isOf(name: string, role: ColumnRole, sought: Sought): RawBuilder<boolean> {
  const { memberIds, keys, mobiles, mails, openids } = sought
  const column = sql.ref(`t.${name}`)
  const among = (values: readonly string[]) => sql<boolean>`lower(${column}) = any(${[...values]}::text[])`
  switch (role) {
    case 'member':
      return sql`${column} = any(${[...memberIds]}::bigint[])`
    case 'members':
      return sql`${column} && ${[...memberIds]}::bigint[]`
    case 'owner':
      return sql`${column} = any(${memberIds.map(String)}::text[])`
    case 'userIds':
      return sql`exists (select from unnest(${column}) as x(one) where lower(one) = any(${[...keys]}::text[]))`
    case 'quoted':
      return keys.length === 0 ? sql`false` : sql`${column}::text ~* ${quotedPattern(keys)}`
    case 'mobile':
      return among(mobiles)
    case 'mail':
      return among(mails)
    case 'openid':
      return sql`${column} = any(${[...openids]}::text[])`
    case 'openids':
      return sql`${column} && ${[...openids]}::text[]`
    case 'userId':
    case 'text':
      return among(keys)
  }
}

/** Which rows of `table as t` are of those who are sought; undefined where they cannot be told from those of other corps. */
export function located(
  table: PersonalTable,
  sought: Sought,
  columns: Columns,
  all: readonly PersonalTable[],
): RawBuilder<boolean> | undefined {
  const own = columns.get(table.table)
  const conditions: RawBuilder<boolean>[] = []
  const corp = table.corp ?? 'corp_id'
  if (own?.has(corp)) conditions.push(sql`${sql.ref(`t.${corp}`)} = ${sought.corpId}`)
  else if (!table.through) return undefined
  if (table.through) {
    const { table: name, by } = table.through
    const parent = all.find(one => one.table === name && namesByNumber(one))
    const isParents = parent && located(parent, sought, columns, all)
    if (!isParents) return undefined
    const mine = sql.join(by.map(([one]) => sql.ref(`t.${one}`)))
    const theirs = sql.join(by.map(([, one]) => sql.ref(one)))
    conditions.push(
      sql`(${mine}) in (select ${theirs} from (select t.* from ${sql.table(name)} as t where ${isParents}) as parent)`,
    )
  } else {
    const found = locators(table).map(([name, role]) => isOf(name, role, sought))
    if (found.length === 0) return undefined
    conditions.push(sql`(${sql.join(found, sql` or `)})`)
  }
  for (const [name, value] of Object.entries(table.only ?? {}))
    conditions.push(sql`${sql.ref(`t.${name}`)} = ${value}`)
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}

/** What a column says once the person is erased; undefined: the same as before. */
function blanked(
  name: string,
  role: ColumnRole,
  table: PersonalTable,
  person: PersonKeys,
  { type, isRequired, isGenerated }: Column,
): RawBuilder<unknown> | undefined {
  if (isGenerated) return undefined
  const column = sql.ref(`t.${name}`)
  const code = `erased:${person.memberId}`
  const keys = [...(namesByNumber(table) ? person.ownKeys : person.keys)]
  const replaced = (values: readonly string[]) =>
    sql`case when lower(${column}) = any(${[...values]}::text[]) then ${code} else ${column} end`
  switch (role) {
    case 'userId':
      return replaced(keys)
    case 'mobile':
      return replaced(person.mobiles)
    case 'mail':
      return replaced(person.mails)
    case 'openid':
      return replaced(person.openids)
    case 'userIds':
      return sql`case when ${column} is null then null else coalesce((select array_agg(case when lower(one) = any(${keys}::text[])
        then ${code} else one end order by n) from unnest(${column}) with ordinality as x(one, n)), '{}') end`
    case 'quoted':
      return keys.length === 0
        ? undefined
        : sql`regexp_replace(${column}::text, ${quotedPattern(keys)}, ${`"${code}"`}, 'gi')::${sql.raw(type)}`
    case 'text':
      return isRequired ? sql`${blankOf(type)}::${sql.raw(type)}` : sql`null::${sql.raw(type)}`
    default:
      return undefined
  }
}

function blankOf(type: string): string {
  if (type.endsWith('[]') || type.startsWith('json')) return '{}'
  return /int|numeric|double|real/.test(type) ? '0' : ''
}

/**
 * Deletes rows of the person, or takes the person out of them, at most so many. Returns how many; called again, it goes on. Rows that stay or go
 * with the member are none of it.
 */
export async function eraseSome(
  tx: Db,
  table: PersonalTable,
  person: PersonKeys,
  columns: Columns,
  all: readonly PersonalTable[],
  atMost: number,
): Promise<number> {
  const isMeant = located(table, soughtOf(person), columns, all)
  if (!isMeant) return 0
  const name = sql.table(table.table)
  if (table.erased === 'rows') {
    const done = await sql`
      delete from ${name} where (tableoid, ctid) in (
        select t.tableoid, t.ctid from ${name} as t where ${isMeant} limit ${atMost})`.execute(tx)
    return Number(done.numAffectedRows ?? 0)
  }
  if (table.erased !== 'names') return 0
  const own = columns.get(table.table)
  const changes = Object.entries(table.columns).flatMap(([one, role]) => {
    const column = own?.get(one)
    const blank = column && blanked(one, role, table, person, column)
    return blank ? [{ one, blank }] : []
  })
  if (changes.length === 0) return 0
  const set = sql.join(changes.map(({ one, blank }) => sql`${sql.id(one)} = ${blank}`))
  const differs = sql.join(
    changes.map(({ one, blank }) => sql`${sql.ref(`t.${one}`)}::text is distinct from (${blank})::text`),
    sql` or `,
  )
  const done = await sql`
    update ${name} as t set ${set} where (t.tableoid, t.ctid) in (
      select t.tableoid, t.ctid from ${name} as t where ${isMeant} and (${differs}) limit ${atMost})`.execute(
    tx,
  )
  return Number(done.numAffectedRows ?? 0)
}

const omitted: readonly ColumnRole[] = ['member', 'members', 'owner', 'userIds', 'quoted', 'openids']

/** Columns of a copy: what is declared and says nothing of others, what is shown beside, and the times. */
function copied(table: PersonalTable, columns: Columns, sealed: ReadonlySet<string>): string[] {
  const own = columns.get(table.table) ?? new Map<string, Column>()
  // Where the row names its person in words alone, its other words may be about others.
  const isOwn = namesByNumber(table) || table.through !== undefined
  const declared = Object.entries(table.columns).flatMap(([name, role]) =>
    omitted.includes(role) || (role === 'text' && !isOwn) ? [] : [name],
  )
  const times = [...own].flatMap(([name, { type }]) => (/^(timestamp|date)/.test(type) ? [name] : []))
  return [...new Set([...(table.shown ?? []), ...declared, ...times])].filter(
    name => own.has(name) && own.get(name)?.type !== 'bytea' && !sealed.has(`${table.table}.${name}`),
  )
}

export type CopiedRow = Record<string, unknown>

/** The person's rows of a table, in pages, within a transaction: it ends a reading that was given up. */
export async function* readRows(
  tx: Db,
  table: PersonalTable,
  person: PersonKeys,
  columns: Columns,
  all: readonly PersonalTable[],
  sealed: ReadonlySet<string>,
): AsyncGenerator<CopiedRow[]> {
  const sought = soughtOf(person)
  const isMeant = located(table, sought, columns, all)
  const names = copied(table, columns, sealed)
  if (!isMeant || names.length === 0) return
  const list = sql.join(
    names.map(name => {
      const role = table.columns[name]
      // Where words name the row's people, the others among them are not the person's to have.
      return role && !namesByNumber(table) && weak.includes(role)
        ? sql`case when ${isOf(name, role, sought)} then ${sql.ref(`t.${name}`)} end as ${sql.id(name)}`
        : sql.ref(`t.${name}`)
    }),
  )
  // A cursor reads the table once, whatever the number of pages.
  await sql`
    declare wisp_person no scroll cursor for
    select (select to_jsonb(x) from (select ${list}) as x) as row
    from ${sql.table(table.table)} as t where ${isMeant}`.execute(tx)
  for (;;) {
    const { rows } = await sql<{ row: CopiedRow }>`
      fetch forward ${sql.lit(rowsOfPage)} from wisp_person`.execute(tx)
    if (rows.length > 0) yield rows.map(one => one.row)
    if (rows.length < rowsOfPage) break
  }
  await sql`close wisp_person`.execute(tx)
}
const rowsOfPage = 500
