import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'
import type { CopyFormat } from '../copies/render.ts'

const types: Record<CopyFormat, string> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
}

/** Sends a file that no cache keeps and no page shows in place. */
export async function sendCopy(
  reply: FastifyReply,
  file: Readable,
  { name, format }: { name: string; format: CopyFormat },
): Promise<FastifyReply> {
  reply
    .header('content-type', types[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(file)
  // An error on the way ends the reply, which logs it.
  await finished(file).catch(() => undefined)
  return reply
}
