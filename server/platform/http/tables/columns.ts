import { ownTurn } from '../../operation/own-turn.ts'
import { ApiError } from '../errors.ts'
import { wordsOfOthers } from '../told.ts'
import type { Words } from '../words.ts'

/** `line` counts from 1, as in an editor or a spreadsheet. */
export type TableRow = { line: number; cells: string[] }
/** Whether these cells are the line that names the columns. */
export type HeaderTest = (cells: readonly string[]) => boolean
/** The names by which people call each column, in lower case and without blanks; the first is shown. */
export type ColumnNames<C extends string> = Record<C, readonly string[]>
export type TableRecord<C extends string> = { line: number } & Record<C, string>

export type Columns<C extends string> = {
  columns: C[]
  /** Headers that are not recognised. */
  ignoredColumns: string[]
  records: TableRecord<C>[]
}

/** A few lines of explanation may precede the header, as in WeCom's own template. */
export const headerWithin = 20

export function headerTest<C extends string>(names: ColumnNames<C>, key: C): HeaderTest {
  return cells => cells.some(cell => columnOf(names, cell) === key)
}

/** After so many records others get their turn. */
const recordsInTurn = 1000

/**
 * Finds the line that names the columns, of which `key` must be one, and reads what stands below it. Throws 1000; `noHeader`
 * says which columns a file needs, and `missing` what is wrong with those that it has.
 */
export async function readColumns<C extends string>(
  rows: readonly TableRow[],
  names: ColumnNames<C>,
  key: C,
  {
    noHeader,
    missing,
    recordsAtMost,
  }: { noHeader: Words; missing(columns: readonly C[]): Words | undefined; recordsAtMost: number },
): Promise<Columns<C>> {
  const isHeader = headerTest(names, key)
  const headerAt = rows.slice(0, headerWithin).findIndex(row => isHeader(row.cells))
  const header = rows[headerAt]
  if (!header) throw badTable(noHeader)
  const columns = header.cells.map(cell => columnOf(names, cell))
  const doubled = columns.find((one, index) => one !== undefined && columns.indexOf(one) !== index)
  if (doubled)
    throw badTable({
      zh: `表头中“${names[doubled][0]}”一列出现了两次`,
      en: `the header names the column ${doubled.toLowerCase()} twice`,
    })
  const known = columns.filter(one => one !== undefined)
  const lacking = missing(known)
  if (lacking) throw badTable(lacking)
  const body = rows.slice(headerAt + 1)
  if (body.length === 0) throw badTable({ zh: '表头下面没有数据', en: 'there is nothing below the header' })
  if (body.length > recordsAtMost) throw tooManyRows(recordsAtMost, body.length)
  const all = Object.keys(names) as C[]
  const records: TableRecord<C>[] = []
  for (const { line, cells } of body) {
    const values = all.map(column => [column, cells[columns.indexOf(column)] ?? ''])
    records.push({ ...(Object.fromEntries(values) as Record<C, string>), line })
    if (records.length % recordsInTurn === 0) await ownTurn()
  }
  return {
    columns: known,
    ignoredColumns: header.cells.filter(cell => cell !== '' && columnOf(names, cell) === undefined),
    records,
  }
}

export function badTable(what: Words): ApiError {
  return new ApiError('badParameter', wordsOfOthers(what))
}

function tooManyRows(atMost: number, got: number): ApiError {
  return badTable({
    zh: `一次最多导入 ${atMost} 行，收到 ${got} 行`,
    en: `at most ${atMost} rows can be imported at once, got ${got}`,
  })
}

function columnOf<C extends string>(names: ColumnNames<C>, header: string): C | undefined {
  // Headers may look like `账号 (必填)` or `*手机`.
  const name = header
    .toLowerCase()
    .replace(/[（(【[].*$/, '')
    .replace(/[\s*:：]/g, '')
  return (Object.keys(names) as C[]).find(column => names[column].includes(name))
}
