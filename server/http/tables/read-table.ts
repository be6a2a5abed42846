import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ApiError } from '../errors.ts'
import type { HeaderTest, TableRow } from './columns.ts'
import { type CsvTable, readCsv } from './csv-table.ts'
import { isWorkbook } from './xlsx-table.ts'
import type { WorkbookAnswer } from './xlsx-worker.ts'

export type TableFormat = CsvTable['encoding'] | 'Excel'

/** Reads a CSV file or the first sheet of an Excel workbook, whatever its name says. Throws 1000 and says what is wrong. */
export async function readTable(
  bytes: Buffer,
  isHeader: HeaderTest,
  recordsAtMost: number,
): Promise<{ format: TableFormat; rows: TableRow[] }> {
  if (isWorkbook(bytes)) return { format: 'Excel', rows: await rowsOfWorkbook(bytes) }
  const { encoding, rows } = await readCsv(bytes, isHeader, recordsAtMost)
  return { format: encoding, rows }
}

/** In a thread of its own, because nobody else would get their turn while it is unpacked and parsed. */
async function rowsOfWorkbook(bytes: Buffer): Promise<TableRow[]> {
  const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), { workerData: bytes })
  const [answer] = (await once(worker, 'message')) as [WorkbookAnswer]
  if ('problem' in answer) throw new ApiError('badParameter', answer.problem)
  return answer.rows
}
