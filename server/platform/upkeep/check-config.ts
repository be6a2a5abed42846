import { accessSync, constants, existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import type { Config } from '../config.ts'
import type { Log } from '../operation/log.ts'
import { createSeal } from '../security/seal.ts'
import { fingerprintOf, refuseForeignKey } from '../security/secret-key.ts'
import { openDatabase } from '../storage/database.ts'
import { clusterFolder, findCluster } from '../storage/embedded/cluster.ts'
import { readKey } from '../storage/embedded/key-file.ts'
import { appliedMigrations, listMigrations, refuseNewer, unknownMigrations } from '../storage/migrate.ts'
import { listenFailed } from './listen.ts'

export type ConfigCheck = { name: string; ok: boolean; detail: string }

/**
 * Finds out whether wisp would start with this configuration, and changes nothing. Wrong variables were refused before, when
 * the environment was read.
 */
export async function checkConfig(config: Config, log: Log): Promise<ConfigCheck[]> {
  return [
    variables(config),
    await checked('port', () => checkPort(config)),
    await checked('database', () => checkDatabase(config, log)),
  ]
}

async function checked(name: string, check: () => Promise<string>): Promise<ConfigCheck> {
  try {
    return { name, ok: true, detail: await check() }
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message }
  }
}

function variables({ given, unknown }: Config): ConfigCheck {
  const detail = unknown.map(
    ({ name, nearest }) => `没有变量 ${name}${nearest ? `，是不是 ${nearest}？` : ''}`,
  )
  return {
    name: 'environment',
    ok: unknown.length === 0,
    detail: detail.length > 0 ? detail.join('；') : `设了 ${given.size} 个变量，其余为默认值`,
  }
}

async function checkPort({ host, port }: Config): Promise<string> {
  try {
    await listenOnce(host, port)
    return `${host}:${port} 可以监听`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && (await isWisp(host, port)))
      return `${host}:${port} 上 wisp 正在运行`
    throw listenFailed(error, { host, port }) ?? error
  }
}

function listenOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port }, () => server.close(() => resolve()))
  })
}

const answerWithinMs = 2000

async function isWisp(host: string, port: number): Promise<boolean> {
  const local = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  try {
    const url = `http://${local.includes(':') ? `[${local}]` : local}:${port}/healthz`
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) })
    return ((await answer.json()) as { status?: string } | null)?.status === 'ok'
  } catch {
    return false
  }
}

async function checkDatabase(config: Config, log: Log): Promise<string> {
  if (!config.databaseUrl && !findCluster(config.dataDir)) {
    checkParent(config.dataDir)
    return `首次启动时在 ${clusterFolder(config.dataDir)} 建立内嵌数据库`
  }
  const seal = createSeal(config.secretKey || readKey(config.dataDir), config.secretKeyOld)
  const { db, close } = await openDatabase(config, log, 'look')
  try {
    const applied = await appliedMigrations(db)
    const known = listMigrations()
    refuseNewer(await unknownMigrations(db, known))
    if (applied.length === 0) return '数据库是空的，首次启动时建表'
    refuseForeignKey(config, seal, await fingerprintOf(db))
    const pending = known.filter(name => !applied.includes(name)).length
    return pending === 0 ? '可用，结构是这个版本的' : `可用，启动时还要做 ${pending} 个迁移`
  } finally {
    await close()
  }
}

/** The last existing folder on the path to the data directory decides whether the rest can be created. */
function checkParent(dataDir: string): void {
  let folder = dataDir
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  accessSync(folder, constants.W_OK | constants.X_OK)
}
