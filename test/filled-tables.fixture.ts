import { generateKeyPairSync } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { certificateFor } from '../sandbox/pay/crypto/certificate.ts'
import type { Context } from '../server/context.ts'
import { readCatalog } from '../server/features/backup/catalog-store.ts'
import { corpTables, partOfCorp } from '../server/features/corp-lifecycle/corp-tables-store.ts'
import { purposeOf } from '../server/platform/security/sealed-columns.ts'
import type { Db } from '../server/platform/storage/db.ts'

type Column = { name: string; type: string; isRequired: boolean; isGenerated: boolean }
type Reference = { child: string; parent: string; columns: string[]; parentColumns: string[] }

/**
 * Puts rows of the corp into every table that can have some, by the catalog alone, so that a table which is added later is filled too.
 * What a column says beyond its type is nonsense.
 */
export async function fillTables(
  { db, seal, offered }: Context,
  corpId: string,
  rowsEach: number,
): Promise<void> {
  await dropChecks(db)
  const own = await wheresOf(db, corpId)
  const columns = await columnsOf(db)
  const references = await referencesOf(db)
  await db.transaction().execute(async tx => {
    for (const table of await readCatalog(tx)) {
      if (!own.has(table.name) || ['corp', 'setting', 'queue'].includes(table.name)) continue
      for (let n = 0; n < rowsEach; n += 1)
        await insertOne(
          tx,
          { table: table.name, columns: columns.get(table.name) ?? [], references, own },
          corpId,
          n,
        )
    }
    for (const key of [`doctor ${corpId}`, `popups:${corpId}`])
      await sql`insert into setting values (${key}, '{}') on conflict do nothing`.execute(tx)
    // Nobody holds a role that is none of the three.
    await sql`update three_holder set ended_at = now() where corp_id = ${corpId}`.execute(tx)
    await sql`update pay_certificate set pem = ${certificate} where corp_id = ${corpId}`.execute(tx)
    for (const column of offered.sealed) {
      const key = sql.join(column.key.map(name => sql`${sql.ref(name)}::text`))
      const { rows } = await sql<{ key: string[] }>`
        select array[${key}] as key from ${sql.table(column.table)}
        where ${own.get(column.table) ?? sql`false`} and ${sql.ref(column.column)} is not null`.execute(tx)
      for (const row of rows)
        await sql`
          update ${sql.table(column.table)} set ${sql.ref(column.column)} = ${seal.seal(column.column === 'private_key' ? keys.privateKey : '{}', purposeOf(column, row.key))}
          where array[${key}] = ${row.key}::text[]`.execute(tx)
    }
  })
}

/** Nonsense is no kind, and no state. */
async function dropChecks(db: Db): Promise<void> {
  const { rows } = await sql<{ table: string; name: string }>`
    select conrelid::regclass::text as "table", conname as name from pg_constraint
    where contype = 'c' and conparentid = 0 and connamespace = current_schema()::regnamespace and conrelid <> 0`.execute(
    db,
  )
  for (const { table, name } of rows)
    await sql`alter table ${sql.table(table)} drop constraint ${sql.id(name)}`.execute(db)
}

/** What is parsed when a node starts has to be right: a merchant's key and certificate. */
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const certificate = certificateFor(keys, {
  serial: 'AB',
  name: 'test',
  from: Date.UTC(2020, 0),
  to: Date.UTC(2100, 0),
})

const ofAccount = { parent: 'official_account', columns: ['original_id'], parentColumns: ['original_id'] }

type TableToFill = {
  table: string
  columns: readonly Column[]
  references: readonly Reference[]
  own: TableConditions
}

async function insertOne(
  tx: Db,
  { table, columns, references, own }: TableToFill,
  corpId: string,
  n: number,
): Promise<void> {
  const values = new Map<string, RawBuilder<unknown>>()
  for (const { name, type, isRequired } of columns)
    if (isRequired || name === 'corp_id')
      values.set(name, nonsense(type, `${corpId} ${table} ${name} ${n}`, n))
  // What belongs to an official account or an agent says so in one of two columns, which may be without a reference.
  const mayBeOfAccount = columns.some(({ name, isRequired }) => name === 'original_id' && !isRequired)
  for (const one of [
    ...references.filter(({ child }) => child === table),
    ...(mayBeOfAccount ? [ofAccount] : []),
  ]) {
    // What belongs to an account of the installation is no corp's.
    if (one.parent === 'corp' || one.parent === 'admin_account') continue
    const names = sql.join(one.parentColumns.map(name => sql`${sql.ref(name)}::text as ${sql.id(name)}`))
    const parent = await sql<Record<string, string>>`
      select ${names} from ${sql.table(one.parent)} where ${own.get(one.parent) ?? sql`true`}
      order by ${sql.join(one.parentColumns.map((_, index) => sql.raw(String(index + 1))))} limit 1`.execute(
      tx,
    )
    for (const [index, name] of one.columns.entries()) {
      const {
        type = 'text',
        isGenerated = false,
        isRequired = false,
      } = columns.find(column => column.name === name) ?? {}
      // A reference of which one column is null refers to nothing; the others may have to be filled.
      if (isGenerated || (isRequired && parent.rows.length === 0)) continue
      values.set(name, sql`${parent.rows[0]?.[one.parentColumns[index]!] ?? null}::text::${sql.raw(type)}`)
    }
  }
  if (values.has('corp_id')) values.set('corp_id', sql`${corpId}`)
  await sql`
    insert into ${sql.table(table)} (${sql.join([...values.keys()].map(name => sql.id(name)))})
    overriding system value values (${sql.join([...values.values()])}) on conflict do nothing`.execute(tx)
}

type TableConditions = ReadonlyMap<string, RawBuilder<boolean>>

async function wheresOf(db: Db, corpId: string): Promise<TableConditions> {
  const tables = await corpTables(db, corpId)
  return new Map(
    tables.flatMap(table => [
      [table.name, table.where] as const,
      ...table.parts.map(part => [part.table.name, partOfCorp(table, part)] as const),
    ]),
  )
}

function nonsense(type: string, text: string, n: number): RawBuilder<unknown> {
  if (type.endsWith('[]')) return sql`'{}'::${sql.raw(type)}`
  if (type === 'jsonb' || type === 'json') return sql`'{}'::${sql.raw(type)}`
  if (type === 'uuid') return sql`gen_random_uuid()`
  if (type === 'bytea') return sql`${Buffer.from(text)}`
  if (type === 'boolean') return sql`false`
  if (type === 'date') return sql`date '2026-11-29' + ${n}::int`
  if (type.startsWith('timestamp')) return sql`now() + ${n} * interval '1 minute'`
  if (/int|numeric|double|real/.test(type)) {
    numbers += 1
    return sql`${numbers}::${sql.raw(type)}`
  }
  return sql`${text}`
}
let numbers = 1000

async function columnsOf(db: Db): Promise<Map<string, Column[]>> {
  const { rows } = await sql<Column & { table: string }>`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      (a.attnotnull and not a.atthasdef and a.attidentity = '' and a.attgenerated = '') as "isRequired",
      a.attgenerated <> '' as "isGenerated"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')`.execute(db)
  return Map.groupBy(rows, row => row.table)
}

async function referencesOf(db: Db): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
      (select json_agg(a.attname order by x.n) from unnest(k.conkey) with ordinality x(num, n)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.num) as columns,
      (select json_agg(a.attname order by x.n) from unnest(k.confkey) with ordinality x(num, n)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.num) as "parentColumns"
    from pg_constraint k where k.contype = 'f' and k.conparentid = 0`.execute(db)
  return rows
}

/** How many rows of the corp each table has, and what they are. */
export async function rowsOf(
  db: Db,
  corpId: string,
): Promise<Record<string, { rows: number; hash: string }>> {
  const found: Record<string, { rows: number; hash: string }> = {}
  for (const table of await corpTables(db, corpId)) {
    const parts = table.parts.map(part => ({ name: part.table.name, where: partOfCorp(table, part) }))
    for (const { name, where } of [table, ...parts]) {
      const { rows } = await sql<{ rows: number; hash: string }>`
        select count(*)::int as rows, md5(coalesce(string_agg(${sql.table(name)}::text, '|' order by
          ${sql.table(name)}::text collate "C"), '')) as hash
        from ${sql.table(name)} where ${where}`.execute(db)
      found[name] = rows[0]!
    }
  }
  return found
}
