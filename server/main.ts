import { ConfigError, readConfig } from './config.ts'
import { DataDirectoryBusy } from './db.ts'
import { type Server, startServer } from './server.ts'

const stopWithinMs = 30_000

async function main(): Promise<void> {
  const server = await startServer(readConfig(process.env))
  const { log } = server.ctx
  log.info(
    { url: server.url, database: server.ctx.database.pglite ? 'embedded' : 'postgresql' },
    'wisp is ready',
  )
  process.send?.({ ready: server.url })
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => void stop(server, name))
}

async function stop(server: Server, signal: string): Promise<void> {
  server.ctx.log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), stopWithinMs).unref()
  await server.close()
  process.exit(0)
}

main().catch(error => {
  const isExpected = error instanceof ConfigError || error instanceof DataDirectoryBusy
  console.error(isExpected ? `wisp: ${error.message}` : error)
  process.exit(1)
})
