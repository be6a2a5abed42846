import type { Core } from '../core.ts'
import { ApiError } from '../http/errors.ts'
import { own, told } from '../http/told.ts'
import { purposeOf, type SealedColumn } from '../security/sealed-columns.ts'
import type { Db } from '../storage/db.ts'
import * as store from './deleted-store.ts'
import type { DeletedKind, KeptRows } from './kept-rows.ts'

/** How long what was deleted can be brought back. */
export const keptDays = 30
const dayMs = 86_400_000

/** All rows together are sealed, so that a key that is rotated reaches the secrets within. */
export const rowsPurpose = 'deleted_object.rows'

/** What features declare about it. */
type DeletedDeclarations = { kept: readonly KeptRows[]; sealed: readonly SealedColumn[] }
type Needs = Pick<Core, 'seal' | 'now'> & { offered: DeletedDeclarations }

type Content = {
  rows: { table: KeptRows['table']; row: string; sealed: Record<string, string | null> }[]
  references: { table: KeptRows['table']; keys: string[] }[]
}

type Object = { corpId: string; kind: DeletedKind; id: string }

/** Keeps what is about to be deleted, in the transaction that deletes it. */
export async function keepDeleted(
  ctx: Needs,
  tx: Db,
  { corpId, kind, id, name, actor }: Object & { name: string; actor: string },
): Promise<void> {
  const content: Content = { rows: [], references: [] }
  for (const kept of keptOf(ctx, kind)) {
    if (kept.onlyReference !== undefined) {
      content.references.push({ table: kept.table, keys: await store.referringKeys(tx, kept, id) })
      continue
    }
    const sealed = sealedOf(ctx, kept.table)
    for (const found of await store.readRows(tx, kept, id, sealed)) {
      const opened = eachSealed(sealed, found.sealed, (one, value) =>
        ctx.seal.open(value, purposeOf(one, found.keys[one.column] ?? [])),
      )
      content.rows.push({ table: kept.table, row: found.row, sealed: opened })
    }
  }
  const rows = ctx.seal.seal(JSON.stringify(content), rowsPurpose)
  const deletedAt = new Date(ctx.now())
  await store.insertDeleted(tx, { corpId, kind, id, name, deletedAt, deletedBy: actor, rows })
}

export async function listDeleted(
  ctx: Pick<Core, 'db' | 'now'>,
  corpId: string,
): Promise<(store.DeletedObject & { endsAt: Date })[]> {
  const found = await store.deletedSince(ctx.db, corpId, since(ctx))
  return found.map(one => ({ ...one, endsAt: new Date(one.deletedAt.getTime() + keptDays * dayMs) }))
}

/**
 * Puts back what was deleted, with its id and its secrets. `mayCome` is asked with its own row before.
 * Throws 1000 for what is not there (any more), and for what is in its place by now.
 */
export async function bringBack(
  ctx: Needs,
  tx: Db,
  object: Object,
  mayCome: (row: Record<string, unknown>) => Promise<void>,
): Promise<store.DeletedObject> {
  const { kind, id } = object
  const taken = await store.takeDeleted(tx, { ...object, since: since(ctx) })
  if (!taken)
    throw new ApiError('badParameter', {
      zh: told`没有可恢复的 ${own(kind)} ${id}：没有删除过、已经恢复，或删除已超过 ${own(keptDays)} 天`,
      en: told`there is no ${own(kind)} ${id} to restore: it was not deleted, is back already, or was deleted more than ${own(keptDays)} days ago`,
    })
  const { rows, ...found } = taken
  const content = JSON.parse(ctx.seal.open(rows, rowsPurpose)) as Content
  const kept = keptOf(ctx, kind)
  await mayCome(JSON.parse(content.rows[0]?.row ?? '{}'))
  try {
    for (const [table, rows] of Map.groupBy(content.rows, one => one.table)) {
      const declared = kept.find(one => one.table === table && !one.onlyReference)
      if (declared?.through) await putBackMany(tx, declared, rows)
      else if (declared) for (const one of rows) await putBack(ctx, tx, object.corpId, declared, one)
    }
    for (const { table, keys } of content.references) {
      const declared = kept.find(one => one.table === table && one.onlyReference)
      if (declared) await store.putReference(tx, declared, id, keys)
    }
  } catch (error) {
    throw inTheWay(id, error)
  }
  return found
}

const rowsAtOnce = 1000

/** Rows that hang on others may be many; none of them has sealed columns. */
async function putBackMany(tx: Db, kept: KeptRows, rows: Content['rows']): Promise<void> {
  const known = await store.writableColumns(tx, kept.table)
  const names = Object.keys(JSON.parse(rows[0]?.row ?? '{}')).filter(name => known.includes(name))
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce).map(one => one.row)
    await store.putRows(tx, kept, names, some)
  }
}

async function putBack(
  ctx: Needs,
  tx: Db,
  corpId: string,
  { table, refers }: KeptRows,
  { row, sealed: opened }: Content['rows'][number],
): Promise<void> {
  const value = JSON.parse(row) as Record<string, unknown>
  const known = await store.writableColumns(tx, table)
  let names = [...Object.keys(value), ...Object.keys(opened)].filter(name => known.includes(name))
  const referred = refers && value[refers.column]
  if (refers && referred !== null) {
    const { key, otherwise } = refers
    if (!(await store.holdsRow(tx, refers.table, { corpId, key, value: String(referred) }))) {
      if (otherwise === 'leave out') return
      names = names.filter(name => name !== refers.column)
    }
  }
  const sealed = sealedOf(ctx, table)
  const again = eachSealed(sealed, opened, (one, plain) =>
    ctx.seal.seal(
      plain,
      purposeOf(
        one,
        one.key.map(name => String(value[name])),
      ),
    ),
  )
  await store.putRow(tx, table, names, { row, sealed: again })
}

function keptOf({ offered }: Needs, kind: DeletedKind): KeptRows[] {
  // The row itself comes before what refers to it.
  return offered.kept.filter(one => one.of === kind).toSorted((a, b) => rank(a) - rank(b))
}

const rank = ({ of, table, through }: KeptRows) => (table === of ? 0 : through ? 2 : 1)

function sealedOf({ offered }: Needs, table: KeptRows['table']): SealedColumn[] {
  return offered.sealed.filter(one => one.table === table)
}

/** Null and '' are never sealed. */
function eachSealed(
  columns: readonly SealedColumn[],
  values: Record<string, string | null>,
  work: (column: SealedColumn, value: string) => string,
): Record<string, string | null> {
  return Object.fromEntries(
    columns.map(one => {
      const value = values[one.column] ?? null
      return [one.column, value ? work(one, value) : value]
    }),
  )
}

function since(ctx: Pick<Core, 'now'>): Date {
  return new Date(ctx.now() - keptDays * dayMs)
}

const uniqueViolation = '23505'

function inTheWay(id: string, error: unknown): unknown {
  const { code, detail = '' } = error as { code?: string; detail?: string }
  if (code !== uniqueViolation) return error
  const [, names = '', values = ''] = /\((.*?)\)=\((.*)\)/.exec(detail) ?? []
  return new ApiError('badParameter', {
    zh: told`${id} 不能恢复：它的 ${names}（${values}）现在由别的对象使用；请先在那里更改`,
    en: told`${id} cannot be restored: its ${names} (${values}) is used by something else by now; change it there first`,
  })
}
