import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ApiError } from '../errors.ts'
import { wordsOfOthers } from '../told.ts'
import { createSlots } from '../waiting/slots.ts'
import { badTable, type TableRow } from './columns.ts'
import type { CsvTable } from './csv-table.ts'
import {
  readRows,
  type TableHead,
  type TableRequest,
  type ThreadAnswer,
  type ThreadTask,
} from './table-thread.ts'
import { isWorkbook } from './xlsx-table.ts'

export type TableFormat = TableHead['encoding']

/** Reads a CSV file or the first sheet of an Excel workbook, whatever its name says. Throws 1000 and says what is wrong. */
export async function readTable(
  bytes: Buffer,
  wanted: TableRequest,
): Promise<{ format: TableFormat; rows: TableRow[] }> {
  const { head, rows } = await read({ bytes, wanted, takesWorkbooks: true })
  return { format: head.encoding, rows }
}

/** Reads a CSV file alone. Throws 1000 and says what is wrong. */
export async function readCsvTable(bytes: Buffer, wanted: TableRequest): Promise<CsvTable> {
  const { head, rows } = await read({ bytes, wanted, takesWorkbooks: false })
  return { ...(head as Omit<CsvTable, 'rows'>), rows }
}

/** A CSV file of at most so many bytes is read sooner than a thread has started. */
const smallFile = 16_384

/** On one node; each takes a core while it reads, and one is left for everybody else. */
const threadsAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1))
const filesWaiting = 50
const withSlot = createSlots(threadsAtOnce, filesWaiting)

async function read(task: ThreadTask & { bytes: Buffer }) {
  const { bytes, takesWorkbooks } = task
  if (bytes.length <= smallFile && !(takesWorkbooks && isWorkbook(bytes))) return readRows(task)
  return withSlot('tables', () => readInThread(task))
}

/** Nobody reads a file of millions of empty records. */
const readWithinMs = 20_000

/** In a thread of its own, because nobody else would get their turn while a file is unpacked and parsed. */
async function readInThread(task: ThreadTask): Promise<{ head: TableHead; rows: TableRow[] }> {
  const worker = new Worker(new URL('./table-thread.ts', import.meta.url), { workerData: task })
  const ended = AbortSignal.timeout(readWithinMs)
  const next = async (): Promise<ThreadAnswer> => (await once(worker, 'message', { signal: ended }))[0]
  try {
    const first = await next()
    if ('problem' in first) throw new ApiError('badParameter', wordsOfOthers(first.problem))
    const rows: TableRow[] = []
    for (;;) {
      worker.postMessage('next')
      const piece = await next()
      if (!('rows' in piece) || piece.rows.length === 0) break
      rows.push(...piece.rows)
    }
    return { head: (first as { head: TableHead }).head, rows }
  } catch (error) {
    if (!ended.aborted) throw error
    throw badTable({
      zh: '读取这个文件用了太久，可能有大量空行或引号：请另存后再上传',
      en: 'reading this file took too long, perhaps because of very many empty lines or quotes: save it as a new file and upload that',
    })
  } finally {
    await worker.terminate()
  }
}
