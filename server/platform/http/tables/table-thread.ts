import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import type { Words } from '../../words.ts'
import { ApiError } from '../errors.ts'
import { type ColumnNames, headerTest, type TableRow } from './columns.ts'
import { type CsvTable, readCsv } from './csv-table.ts'
import { isWorkbook, readWorkbook } from './xlsx-table.ts'

/** What a file is read for: its columns, the one that it must have, and how many records it may hold. */
export type TableRequest = { names: ColumnNames<string>; key: string; recordsAtMost: number }

/** A table without its rows; only CSV has a separator. */
export type TableHead = Pick<CsvTable, 'encoding' | 'separator'> | { encoding: 'Excel' }

export type ThreadTask = { bytes: Uint8Array; wanted: TableRequest; takesWorkbooks: boolean }

/** The head comes first, then the rows piece by piece, each when it is asked for; an empty piece is the end. */
export type ThreadAnswer = { head: TableHead } | { rows: TableRow[] } | { problem: Words | string }

/** What a piece costs whoever receives it follows from its cells, and a row has one to 200 of them. */
const cellsInPiece = 10_000

/** Reads a file as texts. Throws 1000. */
export async function readRows({
  bytes,
  wanted,
  takesWorkbooks,
}: ThreadTask): Promise<{ head: TableHead; rows: TableRow[] }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (takesWorkbooks && isWorkbook(buffer)) return { head: { encoding: 'Excel' }, rows: readWorkbook(buffer) }
  const { rows, ...head } = await readCsv(buffer, headerTest(wanted.names, wanted.key), wanted.recordsAtMost)
  return { head, rows }
}

function* piecesOf(rows: readonly TableRow[]): Generator<TableRow[]> {
  let piece: TableRow[] = []
  let cells = 0
  for (const row of rows) {
    if (cells + row.cells.length > cellsInPiece && piece.length > 0) {
      yield piece
      piece = []
      cells = 0
    }
    piece.push(row)
    cells += row.cells.length
  }
  if (piece.length > 0) yield piece
}

// Reads the file that it was started with, and ends.
if (parentPort) {
  const port = parentPort
  const answer = (told: ThreadAnswer) => port.postMessage(told)
  try {
    const { head, rows } = await readRows(workerData as ThreadTask)
    answer({ head })
    for (const piece of [...piecesOf(rows), []]) {
      await once(port, 'message')
      answer({ rows: piece })
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    answer({ problem: error.detail })
  }
  port.close()
}
