import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { socketPath } from '../config.ts'
import type { Context } from '../context.ts'
import { describeError } from '../operation/log.ts'
import { type Event, execute, failure } from './execute.ts'
import type { Invocation } from './program.ts'

/**
 * The door for the command line when this process owns the embedded database: HTTP on a socket in the data directory that
 * only this user may open. `POST /` takes an Invocation as JSON and answers Events, one per line, as they come.
 */
export async function listenForCommands(ctx: Context): Promise<{ close(): Promise<void> }> {
  if (!ctx.database.pglite) return { close: async () => {} }
  const path = socketPath(ctx.config)
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const answered = answer(ctx, request, response, stopping.signal).finally(() => running.delete(answered))
    running.add(answered)
  })
  try {
    await listenPrivately(server, path)
  } catch (error) {
    // Some file systems have no sockets; wisp serves all the same.
    ctx.log.warn({ path, ...describeError(error) }, 'the command line cannot reach this process')
    return { close: async () => {} }
  }
  return {
    async close() {
      stopping.abort()
      await Promise.all(running)
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Owning the database, whatever lies there was left by a process that was killed. */
function listenPrivately(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // The socket is made within listen(): with this mask it is never more open than 0600.
    const mask = process.umask(0o177)
    try {
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(mask)
    }
  })
}

async function answer(
  ctx: Context,
  request: IncomingMessage,
  response: ServerResponse,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' })
  const emit = (event: Event) => void response.write(`${JSON.stringify(event)}\n`)
  try {
    const invocation = (await json(request)) as Invocation
    await execute({ context: ctx }, invocation, AbortSignal.any([gone.signal, stopping]), emit)
  } catch (error) {
    for (const event of failure(error)) emit(event)
  }
  await new Promise<void>(resolve => {
    response.once('close', resolve)
    if (response.closed) resolve()
    response.end(resolve)
  })
}
