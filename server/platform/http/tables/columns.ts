import { ownTurn } from '../../operation/own-turn.ts'
import type { Words } from '../../words.ts'
import { ApiError } from '../errors.ts'
import { wordsOfOthers } from '../told.ts'

/** `line` counts from 1, as in an editor or a spreadsheet. */
export type TableRow = { line: number; cells: string[] }
/** Whether these cells are the line that names the columns. */
export type HeaderTest = (cells: readonly string[]) => boolean
/** The names by which people call each column, in lower case and without blanks; the first is shown. */
export type ColumnNames<C extends string> = Record<C, readonly string[]>
export type TableRecord<C extends string> = { line: number } & Record<C, string>

/** Which column of a file, counted from 0, is which. */
export type ColumnsAt<C extends string> = Partial<Record<C, number>>

export type Columns<C extends string> = {
  /** All columns of the file in their order, with what stands in the first line below. */
  headers: { name: string; example: string }[]
  at: ColumnsAt<C>
  columns: C[]
  /** Headers that are not recognised. */
  ignoredColumns: string[]
  /** Why nothing can be read with these columns, until somebody says which is which; then there are no records. */
  lacking: Words | undefined
  records: TableRecord<C>[]
}

/** A few lines of explanation may precede the header, as in WeCom's own template. */
export const headerWithin = 20

export function headerTest<C extends string>(names: ColumnNames<C>, key: C): HeaderTest {
  return cells => cells.some(cell => columnOf(names, cell) === key)
}

/** More than any list of people or bills has; a line may be all separators. */
const columnsAtMost = 200
/** How much of a cell is shown with each of the columns that somebody can choose among. */
const exampleLength = 60
/** After so many records others get their turn. */
const recordsInTurn = 1000

type ColumnRules<C extends string> = {
  /** Which columns a file needs. */
  noHeader: Words
  /** What is wrong with those that it has. */
  missing(columns: readonly C[]): Words | undefined
  recordsAtMost: number
}

/**
 * Finds the line that names the columns, of which `key` should be one, and reads what stands below it. `chosen` says which column is
 * which, instead of their names. Throws 1000 for a file that has no columns, or not those that were chosen.
 */
export async function readColumns<C extends string>(
  rows: readonly TableRow[],
  names: ColumnNames<C>,
  key: C,
  { noHeader, missing, recordsAtMost, chosen }: ColumnRules<C> & { chosen: ColumnsAt<C> | undefined },
): Promise<Columns<C>> {
  const headerAt = headerOf(rows, names, key)
  const header = rows[headerAt]
  if (!header) throw badTable(noHeader)
  const body = rows.slice(headerAt + 1)
  if (body.length === 0)
    throw badTable(
      headerTest(names, key)(header.cells)
        ? { zh: '表头下面没有数据', en: 'there is nothing below the header' }
        : noHeader,
    )
  if (body.length > recordsAtMost) throw tooManyRows(recordsAtMost, body.length)
  const { at, doubled } = chosen
    ? { at: checked(chosen, header, names), doubled: undefined }
    : recognised(header, names)
  const columns = (Object.keys(names) as C[])
    .filter(one => at[one] !== undefined)
    .sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0))
  const used = new Set(Object.values(at))
  const lacking = doubled ?? (columns.includes(key) ? missing(columns) : noHeader)
  return {
    headers: header.cells.map((name, index) => ({
      name,
      example: (body[0]?.cells[index] ?? '').slice(0, exampleLength),
    })),
    at,
    columns,
    ignoredColumns: header.cells.filter((cell, index) => cell !== '' && !used.has(index)),
    lacking,
    records: lacking ? [] : await recordsOf(body, names, at),
  }
}

/** For whoever can choose no columns, or has chosen them. Throws 1000. */
export function checkColumns<F extends { lacking: Words | undefined }>(file: F): F {
  if (file.lacking) throw badTable(file.lacking)
  return file
}

/** The line with the key's name, or the first with several cells, whose names may mean anything. */
export function headerOf<C extends string>(rows: readonly TableRow[], names: ColumnNames<C>, key: C): number {
  const first = rows.slice(0, headerWithin)
  const isHeader = headerTest(names, key)
  const named = first.findIndex(row => isHeader(row.cells))
  return named >= 0 ? named : first.findIndex(row => row.cells.filter(cell => cell !== '').length > 1)
}

function recognised<C extends string>(
  { cells }: TableRow,
  names: ColumnNames<C>,
): { at: ColumnsAt<C>; doubled: Words | undefined } {
  const columns = cells.map(cell => columnOf(names, cell))
  const known = [...new Set(columns.filter(one => one !== undefined))]
  const at = Object.fromEntries(known.map(one => [one, columns.indexOf(one)])) as ColumnsAt<C>
  const twice = known.find(one => columns.indexOf(one) !== columns.lastIndexOf(one))
  const doubled = twice && {
    zh: `表头中“${names[twice][0]}”一列出现了两次`,
    en: `the header names the column ${twice.toLowerCase()} twice`,
  }
  return { at, doubled }
}

function checked<C extends string>(
  chosen: ColumnsAt<C>,
  { cells }: TableRow,
  names: ColumnNames<C>,
): ColumnsAt<C> {
  const places = Object.values<number | undefined>(chosen)
  const isKnown = Object.keys(chosen).every(one => one in names)
  if (!isKnown || places.some(place => place === undefined || place >= cells.length))
    throw badTable({ zh: '文件里没有所选的列', en: 'the file does not have the columns that were chosen' })
  if (new Set(places).size < places.length)
    throw badTable({ zh: '同一列选了两次', en: 'one column was chosen twice' })
  return chosen
}

async function recordsOf<C extends string>(
  body: readonly TableRow[],
  names: ColumnNames<C>,
  at: ColumnsAt<C>,
): Promise<TableRecord<C>[]> {
  const all = Object.keys(names) as C[]
  const records: TableRecord<C>[] = []
  for (const { line, cells } of body) {
    const values = all.map(column => [column, cells[at[column] ?? -1] ?? ''])
    records.push({ ...(Object.fromEntries(values) as Record<C, string>), line })
    if (records.length % recordsInTurn === 0) await ownTurn()
  }
  return records
}

/** A line without the empty cells that spreadsheets put behind its end. Throws 1000 for more columns than a file may have. */
export function tableRow(line: number, cells: string[]): TableRow {
  if (cells.length > columnsAtMost) cells.length = Math.max(columnsAtMost, cells.findLastIndex(Boolean) + 1)
  if (cells.length <= columnsAtMost) return { line, cells }
  throw badTable({
    zh: `第 ${line} 行有 ${cells.length} 列，一个文件最多 ${columnsAtMost} 列：请删去用不到的列`,
    en: `line ${line} has ${cells.length} columns, and a file has at most ${columnsAtMost}: remove those that are not needed`,
  })
}

export function badTable(what: Words): ApiError {
  return new ApiError('badParameter', wordsOfOthers(what))
}

export function tooManyRows(atMost: number, got: number): ApiError {
  return badTable({
    zh: `一次最多导入 ${atMost} 行，收到 ${got} 行`,
    en: `at most ${atMost} rows can be imported at once, got ${got}`,
  })
}

/** Which column a header names; undefined for other names. */
export function columnOf<C extends string>(names: ColumnNames<C>, header: string): C | undefined {
  // Headers may look like `账号 (必填)` or `*手机`.
  const name = header
    .toLowerCase()
    .replace(/[（(【[].*$/, '')
    .replace(/[\s*:：]/g, '')
  return (Object.keys(names) as C[]).find(column => names[column].includes(name))
}
