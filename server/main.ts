import './operation/heap.ts'
import { ConfigError, readConfig } from './config.ts'
import { ensureAdministrator } from './people/administrators.ts'
import { type Server, startServer } from './server.ts'
import { EmbeddedError } from './storage/embedded/embedded-error.ts'

const stopWithinMs = 30_000

async function main(): Promise<void> {
  const server = await startServer(readConfig(process.env))
  const { log } = server.ctx
  const admin = await ensureAdministrator(server.ctx)
  // The password is shown this once and stored nowhere, so it must not get into the log.
  if (admin)
    console.error(`系统超级管理员 ${admin.user} 的密码: ${admin.password}（只显示这一次，首次登录须修改）`)
  const database = server.ctx.config.databaseUrl ? 'postgresql' : 'embedded'
  log.info({ url: server.url, database }, 'wisp is ready')
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => void stop(server, name))
  // This comes last, because the receiver may stop this process at once.
  process.send?.({ ready: server.url })
}

async function stop(server: Server, signal: string): Promise<void> {
  server.ctx.log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), stopWithinMs).unref()
  await server.close()
  process.exit(0)
}

main().catch(error => {
  const isExpected = error instanceof ConfigError || error instanceof EmbeddedError
  console.error(isExpected ? `wisp: ${error.message}` : error)
  process.exit(1)
})
