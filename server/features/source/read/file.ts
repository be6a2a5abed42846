import { badTable, headerOf } from '../../../platform/http/tables/columns.ts'
import { readTable } from '../../../platform/http/tables/read-table.ts'
import { isDirty } from '../plan/read-record.ts'
import type { SourceSettings } from '../settings.ts'
import { findColumns, plainColumn, type Reading, recordOf, recordsAtMost, tooMany } from './columns.ts'

/**
 * Reads a CSV file in UTF-8, UTF-16 or GB18030, or the first sheet of a workbook. The value of a formula in a workbook is what it last
 * calculated. Throws 1000 and says what is wrong.
 */
export async function readSourceFile(settings: SourceSettings, bytes: Buffer): Promise<Reading> {
  const names = { key: [plainColumn(settings.key)] }
  const { rows, format } = await readTable(bytes, { names, key: 'key', recordsAtMost })
  const at = headerOf(rows, names, 'key')
  const header = rows[at]?.cells.map(one => one.trim())
  if (!header)
    throw badTable({
      zh: `没有找到表头：需要一行列名，其中有“${settings.key}”`,
      en: `no header was found: one line must name the columns, among them ${settings.key}`,
    })
  const columns = header.filter(one => one !== '' && !isDirty(one))
  const twice = columns.find((one, index) => columns.indexOf(one) !== index)
  if (twice)
    throw badTable({ zh: `表头中“${twice}”一列出现了两次`, en: `the header names the column ${twice} twice` })
  const places = [...findColumns(settings, columns)].map(
    ([wanted, name]) => [wanted, header.indexOf(name)] as const,
  )
  const body = rows.slice(at + 1)
  if (body.length > recordsAtMost) throw tooMany()
  const records = body.map(({ line, cells }) =>
    recordOf(
      line,
      places.map(([wanted, place]) => [wanted, cells[place] ?? '']),
    ),
  )
  const last = records.at(-1)
  if (last && format !== 'Excel' && isCutOff(bytes, header.length, body)) last.isCutOff = true
  return { columns, records, departments: undefined }
}

/** A transfer that broke leaves its last line without end and short of columns, where all others have them. */
function isCutOff(bytes: Buffer, columns: number, rows: readonly { cells: readonly string[] }[]): boolean {
  const hasEnd = bytes.subarray(-2).some(byte => byte === 0x0a || byte === 0x0d)
  const isShort = ({ cells }: { cells: readonly string[] }) => cells.length < columns
  return !hasEnd && rows.findIndex(isShort) === rows.length - 1
}
