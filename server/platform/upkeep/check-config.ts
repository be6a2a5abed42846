import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { comma, said } from '../command/language.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Log } from '../operation/log.ts'
import { StartError } from '../operation/start-error.ts'
import { createSeal } from '../security/seal.ts'
import { fingerprintOf, refuseForeignKey } from '../security/secret-key.ts'
import { openDatabase } from '../storage/database.ts'
import { clusterFolder, findCluster } from '../storage/embedded/cluster.ts'
import { readKey } from '../storage/embedded/key-file.ts'
import {
  appliedMigrations,
  listMigrations,
  neededMigrations,
  refuseNewer,
  unknownMigrations,
} from '../storage/migrate.ts'
import { refuseBesideOlder } from '../storage/nodes/older-nodes.ts'
import { placeOfNode } from '../storage/nodes/presence.ts'
import type { Words } from '../words.ts'
import { listenFailed } from './listen.ts'

export type ConfigCheck = { name: string; ok: boolean; detail: string }

/**
 * Finds out whether wisp would start with this configuration, and changes nothing. Wrong variables were refused before, when
 * the environment was read.
 */
export async function checkConfig(config: Config, log: Log): Promise<ConfigCheck[]> {
  return [
    variables(config),
    await checked('publicUrl', async () => checkPublicUrl(config)),
    await checked('folders', async () => checkFolders(config)),
    await checked('port', () => checkPort(config)),
    await checked('database', () => checkDatabase(config, log)),
  ]
}

async function checked(name: string, check: () => Promise<string>): Promise<ConfigCheck> {
  try {
    return { name, ok: true, detail: await check() }
  } catch (error) {
    const detail =
      error instanceof StartError || error instanceof ConfigError
        ? said(error.words)
        : (error as Error).message
    return { name, ok: false, detail }
  }
}

function variables({ given, unknown }: Config): ConfigCheck {
  const detail = unknown.map(({ name, nearest }) =>
    nearest
      ? said({
          zh: `没有变量 ${name}，是不是 ${nearest}？`,
          en: `there is no variable ${name}; did you mean ${nearest}?`,
        })
      : said({ zh: `没有变量 ${name}`, en: `there is no variable ${name}` }),
  )
  return {
    name: 'environment',
    ok: unknown.length === 0,
    detail:
      detail.length > 0
        ? detail.join(said({ zh: '；', en: '; ' }))
        : said({
            zh: `设了 ${given.size} 个变量，其余为默认值`,
            en: `variables set: ${given.size}; the others have their defaults`,
          }),
  }
}

/** Addresses of pages begin at the root of the host, so that a path before them leads nowhere. */
function checkPublicUrl({ publicUrl }: Config): string {
  if (publicUrl === '')
    return said({
      zh: '没有设置 WISP_PUBLIC_URL，用监听的地址',
      en: 'WISP_PUBLIC_URL is not set, the address of listening is used',
    })
  const { origin } = URL.parse(publicUrl) ?? {}
  if (origin === publicUrl) return publicUrl
  throw new StartError(
    `WISP_PUBLIC_URL 应只有协议、域名和端口，不带路径、参数和用户名：${origin ? `请设为 ${origin}，并把整个域名转发给 wisp。` : '它不是一个地址。'}`,
    `WISP_PUBLIC_URL should be a scheme, a host and a port, without a path, query or user: ${origin ? `set it to ${origin}, and forward the whole host to wisp.` : 'it is no address.'}`,
  )
}

/** Tells every folder that this node would write to and cannot. */
function checkFolders(config: Config): string {
  const { dataDir, backupDir, snapshotDir, snapshotBytes, databaseUrl } = config
  const made = [
    ...(databaseUrl ? [] : [{ name: 'WISP_DATA_DIR', folder: dataDir }]),
    ...(snapshotBytes > 0 ? [{ name: 'WISP_SNAPSHOT_DIR', folder: snapshotDir }] : []),
  ]
  const problems = [
    ...made.flatMap(({ name, folder }) => folderProblem(name, folder, existing(folder))),
    ...(backupDir ? folderProblem('WISP_BACKUP_DIR', backupDir, backupDir) : []),
  ]
  if (problems.length > 0)
    throw new StartError(problems.map(one => one.zh).join('；'), problems.map(one => one.en).join('; '))
  return (
    [...made.map(one => one.folder), backupDir].filter(Boolean).join(said(comma)) ||
    said({ zh: '不写文件夹', en: 'no folders are written' })
  )
}

/** `at` is what has to be writable for it: the folder, or the last one on its path that is there. */
function folderProblem(name: string, folder: string, at: string): Words[] {
  try {
    if (!statSync(at).isDirectory())
      return [{ zh: `${name} ${folder}：${at} 不是文件夹`, en: `${name} ${folder}: ${at} is no folder` }]
    accessSync(at, constants.W_OK | constants.X_OK)
    return []
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return [
        { zh: `${name} ${folder} 不存在，请先建立`, en: `${name} ${folder} does not exist; make it first` },
      ]
    return [
      {
        zh: `${name} ${folder}：运行这个命令的用户不能写 ${at}`,
        en: `${name} ${folder}: the user that runs this command cannot write to ${at}`,
      },
    ]
  }
}

async function checkPort({ host, port }: Config): Promise<string> {
  try {
    await listenOnce(host, port)
    return said({ zh: `${host}:${port} 可以监听`, en: `${host}:${port} can be listened on` })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && (await isWisp(host, port)))
      return said({ zh: `${host}:${port} 上 wisp 正在运行`, en: `wisp is running at ${host}:${port}` })
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
    return said({
      zh: `首次启动时在 ${clusterFolder(config.dataDir)} 建立内嵌数据库`,
      en: `the first start makes an embedded database in ${clusterFolder(config.dataDir)}`,
    })
  }
  const seal = createSeal(config.secretKey || readKey(config.dataDir), config.secretKeyOld)
  const { db, close } = await openDatabase(config, log, 'look')
  try {
    const applied = await appliedMigrations(db)
    const known = listMigrations()
    refuseNewer(await unknownMigrations(db, known))
    if (applied.length === 0)
      return said({
        zh: '数据库是空的，首次启动时建表',
        en: 'the database is empty, the first start makes its tables',
      })
    refuseForeignKey(config, seal, await fingerprintOf(db))
    // A restart stops the node that listens here, and no other.
    const isReplaced = await isWisp(config.host, config.port)
    await refuseBesideOlder(db, neededMigrations(), isReplaced ? placeOfNode(config.port) : undefined)
    const pending = known.filter(name => !applied.includes(name)).length
    return pending === 0
      ? said({ zh: '可用，结构是这个版本的', en: 'usable, its structure is that of this version' })
      : said({
          zh: `可用，启动时还要做 ${pending} 个迁移`,
          en: `usable; migrations that the start does: ${pending}`,
        })
  } finally {
    await close()
  }
}

/** The last existing folder on the path decides whether the rest can be created. */
function existing(path: string): string {
  let folder = path
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}
