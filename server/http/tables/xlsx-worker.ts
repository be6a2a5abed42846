import { parentPort, workerData } from 'node:worker_threads'
import { ApiError } from '../errors.ts'
import type { Words } from '../words.ts'
import type { TableRow } from './columns.ts'
import { readWorkbook } from './xlsx-table.ts'

export type WorkbookAnswer = { rows: TableRow[] } | { problem: Words | string }

// Reads the workbook that it was started with, and ends.
parentPort?.postMessage(answer(Buffer.from(workerData as Uint8Array)))

function answer(bytes: Buffer): WorkbookAnswer {
  try {
    return { rows: readWorkbook(bytes) }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { problem: error.detail }
  }
}
