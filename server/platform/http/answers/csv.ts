import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

/**
 * CSV that spreadsheets open as text in the right encoding. A cell that a spreadsheet would take for a formula
 * gets a leading apostrophe, because its content came from somebody else's file.
 */
export function csvText(rows: readonly Row[]): string {
  return `\uFEFF${linesOf(rows)}`
}

/**
 * Sends a table as a file, a chunk at a time: the next one is made when the receiver has taken the last, and others are
 * served in between. Resolves when all is read or the receiver is gone, so that an address book that it reads stays in
 * memory until then.
 */
export async function sendCsv<R>(
  reply: FastifyReply,
  table: { name: string; head: Row; chunks: Chunks<R>; cells: (row: R) => Row },
): Promise<FastifyReply> {
  const text = Readable.from(textOf(table.head, table.chunks, table.cells))
  reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${table.name}.csv"`)
    .header('x-content-type-options', 'nosniff')
    .send(text)
  // An error on the way ends the reply, which logs it.
  await finished(text).catch(() => undefined)
  return reply
}

async function* textOf<R>(head: Row, chunks: Chunks<R>, cells: (row: R) => Row): AsyncGenerator<string> {
  yield csvText([head])
  for await (const rows of chunks) {
    if (rows.length > 0) yield linesOf(rows.map(cells))
    await nextTurn()
  }
}

type Row = readonly (string | number | Date | null)[]
type Chunks<R> = AsyncIterable<readonly R[]> | Iterable<readonly R[]>

function linesOf(rows: readonly Row[]): string {
  return rows.map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(value: Row[number]): string {
  if (typeof value !== 'string') return value instanceof Date ? value.toISOString() : String(value ?? '')
  // Spreadsheets read signs of full width as those of a formula too.
  const safe = /^[=+\-@\t\r]/.test(value.slice(0, 1).normalize('NFKC')) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
