import { Readable } from 'node:stream'
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
 * served in between.
 */
export function sendCsv(
  reply: FastifyReply,
  name: string,
  head: Row,
  chunks: AsyncIterable<readonly Row[]>,
): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.csv"`)
    .header('x-content-type-options', 'nosniff')
    .send(Readable.from(textOf(head, chunks)))
}

async function* textOf(head: Row, chunks: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  yield csvText([head])
  for await (const rows of chunks) {
    if (rows.length > 0) yield linesOf(rows)
    await nextTurn()
  }
}

type Row = readonly string[]

function linesOf(rows: readonly Row[]): string {
  return rows.map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
