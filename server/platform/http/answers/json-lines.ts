import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'

/** Sends rows as JSON, one a line, a chunk at a time as `sendCsv` does. */
export async function sendJsonLines<R>(
  reply: FastifyReply,
  { name, chunks, line }: { name: string; chunks: AsyncIterable<readonly R[]>; line: (row: R) => object },
): Promise<FastifyReply> {
  const text = Readable.from(textOf(chunks, line))
  reply
    .header('content-type', 'application/jsonl; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.jsonl"`)
    .header('x-content-type-options', 'nosniff')
    .send(text)
  // An error on the way ends the reply, which logs it.
  await finished(text).catch(() => undefined)
  return reply
}

async function* textOf<R>(
  chunks: AsyncIterable<readonly R[]>,
  line: (row: R) => object,
): AsyncGenerator<string> {
  for await (const rows of chunks) {
    if (rows.length > 0) yield rows.map(row => `${JSON.stringify(line(row))}\n`).join('')
    await nextTurn()
  }
}
