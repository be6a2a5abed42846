import type { HeaderTest, TableRow } from './columns.ts'
import { type CsvTable, readCsv } from './csv-table.ts'
import { isWorkbook, readWorkbook } from './xlsx-table.ts'

export type TableFormat = CsvTable['encoding'] | 'Excel'

/** Reads a CSV file or the first sheet of an Excel workbook, whatever its name says. Throws 1000 and says what is wrong. */
export async function readTable(
  bytes: Buffer,
  isHeader: HeaderTest,
  recordsAtMost: number,
): Promise<{ format: TableFormat; rows: TableRow[] }> {
  if (isWorkbook(bytes)) return { format: 'Excel', rows: readWorkbook(bytes) }
  const { encoding, rows } = await readCsv(bytes, isHeader, recordsAtMost)
  return { format: encoding, rows }
}
