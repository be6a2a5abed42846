import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { clusterFolder, clusterFromWithin } from './cluster.ts'
import { openLogFile, readLogSince } from './log-file.ts'
import type { Owner } from './owner.ts'
import { port, socketFolder } from './socket-folder.ts'

/** Sized for a node and its commands on a small machine; bigger installations use a PostgreSQL server of their own. */
const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  port,
  max_connections: 100,
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  jit: 'off',
  max_parallel_workers_per_gather: 0,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements and error details contain what people entered, so they are not logged.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export const maxConnections = settings.max_connections

/** PostgreSQL ended before it listened; the message holds the end of its log. */
export class StartFailed extends Error {
  /** Whether a killed predecessor has not quite gone yet; a start a moment later will work. */
  get isTransient(): boolean {
    return /pre-existing shared memory block|lock file "postmaster\.pid" already exists/.test(this.message)
  }
}

/** Whether PostgreSQL listens on the socket. It does so from its start, even before it is ready, until its end. */
export function isListening(dataDir: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(socketFolder(dataDir), `.s.PGSQL.${port}`))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
      // The queue of connections is full, so somebody is listening.
      else if (error.code === 'EAGAIN') resolve(true)
      else reject(error)
    })
  })
}

const againMs = 10

/** Starts PostgreSQL and waits until it listens. Throws StartFailed. The caller holds the `turn` and `server` locks. */
export async function startPostmaster(
  dataDir: string,
  binaries: Binaries,
  owner?: Owner,
): Promise<ChildProcess> {
  removeStalePidFiles(dataDir)
  const cluster = clusterFolder(dataDir)
  const sockets = socketFolder(dataDir)
  const all = { ...settings, unix_socket_directories: sockets === cluster ? '.' : sockets }
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openLogFile(dataDir)
  const from = fstatSync(log).size
  const child = spawn(binaries.postgres, ['-D', clusterFromWithin, ...args], {
    ...owner,
    cwd: cluster,
    env: binaries.env,
    // Not in the terminal's process group, because Ctrl-C is meant for wisp, which still needs PostgreSQL for its last
    // writes.
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let end: string | undefined
  child.once('error', error => {
    end = error.message
  })
  child.once('exit', (code, signal) => {
    end ??= `exit ${code ?? signal}`
  })
  while (!(await isListening(dataDir))) {
    if (end !== undefined) throw new StartFailed(readLogSince(dataDir, from) || end)
    await delay(againMs)
  }
  return child
}

const stopWithinMs = 20_000

/** Stops PostgreSQL, also one that another process started. It closes open connections and writes everything to disk. */
export async function stopPostmaster(dataDir: string): Promise<void> {
  // Where processes cannot be identified and nobody listens, the pid may by now belong to any other process.
  if (process.platform !== 'linux' && !(await isListening(dataDir))) return
  const pid = readPid(dataDir)
  if (pid === undefined || !isPostmaster(pid, dataDir)) return
  // SIGINT asks PostgreSQL for a fast shutdown.
  if (!sendSignal(pid, 'SIGINT')) return
  const until = Date.now() + stopWithinMs
  while (isAlive(pid, dataDir)) {
    // SIGQUIT is its immediate shutdown, after which the next start recovers.
    if (Date.now() > until) sendSignal(pid, 'SIGQUIT')
    await delay(againMs)
  }
}

/** PostgreSQL removes its pid file last; if it could not, its process is gone. */
function isAlive(pid: number, dataDir: string): boolean {
  return readPid(dataDir) === pid && sendSignal(pid, 0)
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

function pidFile(dataDir: string): string {
  return join(clusterFolder(dataDir), 'postmaster.pid')
}

export function readPid(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(dataDir), 'utf8').split('\n', 1)[0])
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    // A PostgreSQL that ends removes the file at any moment.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * A killed PostgreSQL leaves its pid file. In a restarted container that pid may soon belong to another process of the
 * same user, which PostgreSQL mistakes for a running server, and it refuses to start. It also refuses files that a power
 * cut left empty. The caller knows that nobody listens, so a pid whose process is not a PostgreSQL in this cluster is
 * stale.
 */
function removeStalePidFiles(dataDir: string): void {
  const pid = readPid(dataDir)
  if (process.platform !== 'linux' || (pid !== undefined && isPostmaster(pid, dataDir))) return
  rmSync(pidFile(dataDir), { force: true })
  rmSync(join(socketFolder(dataDir), `.s.PGSQL.${port}.lock`), { force: true })
}

/** Whether the process runs in the cluster's folder. Where the system does not tell, PostgreSQL's pid file is believed. */
function isPostmaster(pid: number, dataDir: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterFolder(dataDir))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
