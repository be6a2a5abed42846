import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../../operation/log.ts'
import { findBinaries } from './binaries.ts'
import {
  broken,
  clusterFolder,
  databaseName,
  findCluster,
  makeCluster,
  readPassword,
  user,
} from './cluster.ts'
import { EmbeddedError } from './embedded-error.ts'
import { databaseLost, keyFile, prepareKey, settleKey } from './key-file.ts'
import { type Lock, tryLock, waitForLock } from './locks.ts'
import { logPath, rotateLog } from './log-file.ts'
import { giveToOwnerOf, ownerOf } from './owner.ts'
import { isListening, StartFailed, startPostmaster, stopPostmaster } from './postmaster.ts'
import { port, prepareSocketFolder, refuseForeignSocket, socketFolder } from './socket-folder.ts'

export type EmbeddedOptions = {
  dataDir: string
  log: Log
  /** Whether a new database gets a key of its own; it does not when WISP_SECRET_KEY is set. */
  makesKey: boolean
  /** Whether a new database may be created beside an existing key. */
  isRestore?: boolean
  /** The user for PostgreSQL when this process is root and no better user exists. */
  fallbackUser?: 'nobody'
}

/** One use of a data directory's PostgreSQL. The first user starts it and the last one to close stops it. */
export type EmbeddedUse = { url: string; close(): Promise<void> }

const againMs = 20
const startWithinMs = 30_000
const readyWithinMs = 600_000
const lookEveryMs = 2000
const rotateEveryMs = 60_000
const restartMs = 100
const restartAtMostMs = 10_000
/** After running this long, a PostgreSQL that dies is restarted without the delay that earlier failures built up. */
const steadyMs = 60_000

/** Throws EmbeddedError, which says what prevents the use. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedUse> {
  const { dataDir } = options
  makeFolder(dataDir)
  refuseWithoutRights(dataDir)
  findCluster(dataDir)
  // This waits while the last user is stopping PostgreSQL.
  const use = await waitForLock(dataDir, 'users', 'shared')
  const server = new EmbeddedServer(options, use)
  try {
    await server.reach()
    const url = urlOf(dataDir)
    await untilReady(url, dataDir)
    server.watch()
    return { url, close: () => server.close() }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Throws EmbeddedError. */
export function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { message } = error as Error
    throw new EmbeddedError(
      `建不了数据目录 ${dataDir}（${message}）。请先建立它并交给运行 wisp 的用户，或把 WISP_DATA_DIR 设为别处。`,
      `The data directory ${dataDir} cannot be made (${message}). Make it and give it to the user that runs wisp, or set WISP_DATA_DIR to another one.`,
    )
  }
}

function refuseWithoutRights(dataDir: string): void {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { message } = error as Error
    throw new EmbeddedError(
      `无权读写数据目录 ${dataDir}（${message}）。请以运行 wisp 的用户执行。`,
      `The data directory ${dataDir} cannot be read and written (${message}). Run this as the user that runs wisp.`,
    )
  }
}

/** This process's share in a PostgreSQL that several processes use. */
class EmbeddedServer {
  readonly #options: EmbeddedOptions
  readonly #use: Lock
  readonly #closing = new AbortController()
  #child: ChildProcess | undefined
  #watching: Promise<void> | undefined
  #closed: Promise<void> | undefined

  constructor(options: EmbeddedOptions, use: Lock) {
    this.#options = options
    this.#use = use
  }

  /** Waits until PostgreSQL listens, and starts it unless another process does. */
  async reach(): Promise<void> {
    const { dataDir } = this.#options
    const until = Date.now() + startWithinMs
    let failure: unknown
    while (!(await this.#isUp())) {
      if (Date.now() > until) throw failure ? startFailed(dataDir, failure) : unreachable(dataDir)
      const turn = tryLock(dataDir, 'turn')
      try {
        if (turn && !(await this.#isUp())) await this.#start()
      } catch (error) {
        if (!(error instanceof StartFailed)) throw error
        if (!error.isTransient) throw startFailed(dataDir, error)
        failure = error
      } finally {
        turn?.release()
      }
      await delay(againMs, undefined, { signal: this.#closing.signal })
    }
  }

  async #isUp(): Promise<boolean> {
    const { dataDir } = this.#options
    if (!existsSync(clusterFolder(dataDir))) return false
    refuseForeignSocket(dataDir)
    return isListening(dataDir)
  }

  async #start(): Promise<void> {
    const { dataDir, log, fallbackUser } = this.#options
    const server = tryLock(dataDir, 'server')
    // The process that started it still holds the lock, so it is ending, or it listens where this process cannot see it.
    if (!server) return
    try {
      const owner = ownerOf(clusterFolder(dataDir), dataDir, fallbackUser)
      const binaries = findBinaries(join(dataDir, 'postgres-libraries'), owner)
      if (!findCluster(dataDir)) await this.#make(() => makeCluster(dataDir, binaries, owner))
      settleKey(dataDir)
      prepareSocketFolder(dataDir, owner)
      const child = await startPostmaster(dataDir, binaries, owner)
      giveToOwnerOf(dataDir, logPath(dataDir))
      this.#child = child
      child.once('exit', () => server.release())
      if (child.exitCode !== null || child.signalCode !== null) server.release()
      log.info({ cluster: clusterFolder(dataDir), pid: child.pid }, 'embedded PostgreSQL started')
    } catch (error) {
      server.release()
      throw error
    }
  }

  async #make(make: () => Promise<void>): Promise<void> {
    const { dataDir, makesKey, isRestore } = this.#options
    const hasKey = existsSync(keyFile(dataDir))
    if (hasKey && !isRestore) throw databaseLost(dataDir, clusterFolder(dataDir))
    if (makesKey && !hasKey) prepareKey(dataDir)
    await make()
  }

  /** Restarts PostgreSQL when it dies, with growing delays when that repeats. */
  watch(): void {
    const { log } = this.#options
    const { signal } = this.#closing
    const keepUp = async () => {
      for (let waitMs = restartMs; ; ) {
        const since = Date.now()
        await this.#untilDead()
        if (Date.now() - since > steadyMs) waitMs = restartMs
        log.error('embedded PostgreSQL is gone; it is started again')
        await delay(waitMs, undefined, { signal })
        waitMs = Math.min(waitMs * 2, restartAtMostMs)
        await this.reach().catch(error => {
          if (!signal.aborted)
            log.error({ error: (error as Error).message }, 'embedded PostgreSQL not started')
        })
      }
    }
    this.#watching = keepUp().catch(error => {
      if (!signal.aborted) log.error({ error: (error as Error).message }, 'embedded PostgreSQL not watched')
    })
  }

  /** This process's own child reports its exit; a PostgreSQL started elsewhere is polled. */
  async #untilDead(): Promise<void> {
    const { signal } = this.#closing
    const child = this.#child
    let rotateAt = Date.now() + rotateEveryMs
    const ended = new AbortController()
    const either = AbortSignal.any([signal, ended.signal])
    if (child) void once(child, 'exit').then(() => ended.abort())
    const isDead = async () =>
      child ? child.exitCode !== null || child.signalCode !== null : !(await this.#isUp())
    while (!(await isDead())) {
      await delay(lookEveryMs, undefined, { signal: either, ref: false }).catch(() => signal.throwIfAborted())
      if (Date.now() < rotateAt) continue
      rotateAt = Date.now() + rotateEveryMs
      rotateLog(this.#options.dataDir)
    }
    this.#child = undefined
  }

  close(): Promise<void> {
    this.#closed ??= this.#leave()
    return this.#closed
  }

  /** Only one process leaves at a time, so that when two leave together, the second one sees that it is the last. */
  async #leave(): Promise<void> {
    const { dataDir } = this.#options
    this.#closing.abort()
    await this.#watching
    const turn = await waitForLock(dataDir, 'turn', 'exclusive')
    try {
      this.#use.release()
      const alone = tryLock(dataDir, 'users')
      if (!alone) return
      try {
        await stopPostmaster(dataDir)
      } finally {
        alone.release()
      }
    } finally {
      turn.release()
    }
  }
}

/** The driver accepts the socket's folder as a host. */
function urlOf(dataDir: string): string {
  const url = new URL(`postgres://${user}:${readPassword(dataDir)}@localhost:${port}/${databaseName}`)
  url.searchParams.set('host', socketFolder(dataDir))
  return url.href
}

/** Waits for recovery, which may take minutes after a crash. Throws EmbeddedError. */
async function untilReady(url: string, dataDir: string): Promise<void> {
  const starting = '57P03'
  const until = Date.now() + readyWithinMs
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === '28P01') throw broken(clusterFolder(dataDir), message)
      if (code !== starting || Date.now() > until) throw startFailed(dataDir, error)
      await delay(againMs)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

function startFailed(dataDir: string, error: unknown): EmbeddedError {
  const { message } = error as Error
  return new EmbeddedError(
    `内嵌数据库 ${clusterFolder(dataDir)} 启动失败，日志在 ${logPath(dataDir)}：\n${message}`,
    `The embedded database ${clusterFolder(dataDir)} did not start, for this reason; its log is ${logPath(dataDir)}.`,
  )
}

function unreachable(dataDir: string): EmbeddedError {
  const socket = socketFolder(dataDir)
  return new EmbeddedError(
    `内嵌数据库正由另一个 wisp 运行，但它的套接字目录 ${socket} 在这里连不上（例如在另一个容器里，或 /tmp 不共用）。请使用较短的数据目录路径，或停止另一个 wisp。`,
    `Another wisp runs the embedded database but its socket in ${socket} cannot be reached from here (another container, or a /tmp of its own). Use a data directory with a shorter path, or stop the other wisp.`,
  )
}
