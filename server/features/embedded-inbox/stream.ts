import type { InboxRequest } from './inbox-call.ts'
import { ticketOfRequest } from './inbox-call.ts'
import { type ReaderNeeds, readerOf } from './reader.ts'
import type { UnopenedCounts } from './unopened.ts'

const lastsMs = 5 * 60_000
/** A wait without another number lasts longer than this. */
const shortMs = 10_000
const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}

/** Writes the number at first and whenever it is another, and a comment when a wait is over. Sends the reply itself. */
export async function streamUnopened(
  ctx: ReaderNeeds & { unopened: UnopenedCounts },
  { reader, request, reply }: InboxRequest<Record<string, never>>,
): Promise<undefined> {
  const { unopened } = ctx
  let known = await unopened.of(reader)
  const headers = reply.getHeaders()
  const { raw } = reply.hijack()
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  raw.on('error', () => raw.destroy())
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, streamHeaders)
  raw.write(`data: {"unread":${known}}\n\n`)
  const over = AbortSignal.any([gone.signal, unopened.stopping, AbortSignal.timeout(lastsMs)])
  try {
    while (!over.aborted) {
      const since = performance.now()
      const number = await unopened.next(reader, known, over)
      // Of too many pages of one person the oldest is sent away; it comes again a little later.
      const isSentAway = number === known && performance.now() - since < shortMs
      if (over.aborted || isSentAway) break
      // Whoever left, or lost the right, hears nothing any more.
      await readerOf(ctx, ticketOfRequest(ctx, request), false)
      raw.write(number === known ? ': \n\n' : `data: {"unread":${number}}\n\n`)
      known = number
    }
  } catch {
    // The ticket has ended, or the database is away: the page asks again and is told.
  }
  raw.end()
  return undefined
}
