import { personHeaders } from '../../organisation/directory/import/person-headers.ts'
import type { IdKind } from '../../organisation/directory/read/ids-by.ts'
import { ApiError } from '../../platform/http/errors.ts'
import {
  badTable,
  type ColumnNames,
  columnOf,
  headerOf,
  type TableRow,
  tooManyRows,
} from '../../platform/http/tables/columns.ts'
import { readTable, type TableFormat } from '../../platform/http/tables/read-table.ts'
import { told } from '../../platform/http/told.ts'
import { variableName } from '../message-types/templates/template.ts'

/** How a file names its persons. */
export type PersonColumn = Exclude<IdKind, 'email'>

export type ListRecord = { line: number; person: string; values: string[] }
export type ListFile = {
  format: TableFormat
  by: PersonColumn
  /** Names of the other columns, in the order of `values`. */
  variables: string[]
  records: ListRecord[]
}

/** A file of more rows is refused while it is read. */
export const listRowsAtMost = 20_000

const personColumns: ColumnNames<PersonColumn> = {
  userid: personHeaders.userId,
  employeeNo: personHeaders.employeeNo,
  mobile: personHeaders.mobile,
}
const anyPerson: ColumnNames<'person'> = { person: Object.values(personColumns).flat() }

/**
 * Reads a CSV file or the first sheet of a workbook, of which one column names persons and all others are variables. Cells are the texts that
 * they show; the value of a formula is what its workbook last calculated. Throws 1000 and says what is wrong.
 */
export async function readListFile(bytes: Buffer): Promise<ListFile> {
  const wanted = { names: anyPerson, key: 'person', recordsAtMost: listRowsAtMost }
  const { format, rows } = await readTable(bytes, wanted)
  const at = headerOf(rows, anyPerson, 'person')
  const header = rows[at]
  if (!header) throw noPersons()
  const body = rows.slice(at + 1)
  const { by, personAt } = personColumnOf(header)
  const columns = variablesOf(header, personAt)
  if (body.length === 0) throw badTable({ zh: '表头下面没有数据', en: 'there is nothing below the header' })
  if (body.length > listRowsAtMost) throw tooManyRows(listRowsAtMost, body.length)
  const records = body.map(({ line, cells }) => ({
    line,
    person: cells[personAt] ?? '',
    values: columns.map(one => cells[one.at] ?? ''),
  }))
  return { format, by, variables: columns.map(one => one.name), records }
}

function personColumnOf({ cells }: TableRow): { by: PersonColumn; personAt: number } {
  const found = cells.flatMap((cell, personAt) => {
    const by = columnOf(personColumns, cell)
    return by ? [{ by, personAt, cell }] : []
  })
  const [only, other] = found
  if (!only) throw noPersons()
  if (other)
    throw new ApiError('badParameter', {
      zh: told`表头中有两列指人：${only.cell}、${other.cell}；请只留一列（账号、工号或手机号）`,
      en: told`the header names two columns for persons: ${only.cell} and ${other.cell}; keep one of them (userId, employee number or mobile)`,
    })
  return only
}

function noPersons(): ApiError {
  return badTable({
    zh: '没有找到表头：需要一行列名，其中有“账号”（userId）、“工号”（employeeNo）、“手机号”（mobile）之一',
    en: 'no header was found: one line must name the columns, among them userId, employeeNo or mobile',
  })
}

/** Columns without a name are left out, as spreadsheets have them behind their end. */
function variablesOf({ cells }: TableRow, personAt: number): { name: string; at: number }[] {
  const columns = cells.flatMap((cell, at) => (at === personAt || cell === '' ? [] : [{ name: cell, at }]))
  const wrong = columns.filter(({ name }) => !variableName.test(name)).map(({ name }) => name)
  if (wrong.length > 0)
    throw new ApiError('badParameter', {
      zh: told`表头中有不能作变量名的列：${wrong.slice(0, 20).join('、')}；变量名以字母开头，只含字母、数字和 _，最长 40 个字符。请改为类型的变量名，或删去这些列`,
      en: told`the header has columns that are no names of variables: ${wrong.slice(0, 20).join(', ')}; a name begins with a letter and has letters, digits and _ only, at most 40. Give them the names of the type's variables, or remove them`,
    })
  const twice = columns.find((one, at) => columns.findIndex(other => other.name === one.name) !== at)
  if (twice)
    throw new ApiError('badParameter', {
      zh: told`表头中“${twice.name}”一列出现了两次`,
      en: told`the header names the column ${twice.name} twice`,
    })
  return columns
}
