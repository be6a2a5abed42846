import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

/** Sends rows as a file with an object a line, a chunk at a time, for programs that read it line by line. */
export async function sendJsonLines<R>(
  reply: FastifyReply,
  rows: { name: string; chunks: AsyncIterable<readonly R[]>; line: (row: R) => unknown },
): Promise<FastifyReply> {
  const text = Readable.from(textOf(rows.chunks, rows.line))
  reply
    .header('content-type', 'application/x-ndjson; charset=utf-8')
    .header('content-disposition', `attachment; filename="${rows.name}.jsonl"`)
    .header('x-content-type-options', 'nosniff')
    .send(text)
  // An error on the way ends the reply, which logs it.
  await finished(text).catch(() => undefined)
  return reply
}

async function* textOf<R>(
  chunks: AsyncIterable<readonly R[]>,
  line: (row: R) => unknown,
): AsyncGenerator<string> {
  for await (const rows of chunks) {
    if (rows.length > 0) yield rows.map(row => `${JSON.stringify(line(row))}\n`).join('')
    await nextTurn()
  }
}
