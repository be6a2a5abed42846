import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, fstatSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { clusterFolder, clusterFromWithin } from './cluster.ts'
import { openLogFile, readLogSince } from './log-file.ts'
import type { Owner } from './owner.ts'
import { port, socketFolder } from './socket-folder.ts'

/** What a node and its commands need, on a small machine; a bigger one has a PostgreSQL of its own. */
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
  // Statements and details hold what people entered.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

export const maxConnections = settings.max_connections

/** PostgreSQL ended before it listened; the message is the end of its log. */
export class StartFailed extends Error {
  /** Its predecessor was killed and has not quite gone: it starts a moment later. */
  get isTransient(): boolean {
    return /pre-existing shared memory block|lock file "postmaster\.pid" already exists/.test(this.message)
  }
}

/** Whether anybody listens on the socket. PostgreSQL does from its start, before it is ready, until its end. */
export function isListening(dataDir: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(join(socketFolder(dataDir), `.s.PGSQL.${port}`))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
      // A full queue: somebody is there.
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
    // Out of the terminal's process group: Ctrl-C is for wisp, which still needs it for its last writes.
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

/** Ends PostgreSQL, whoever started it: open connections are closed, everything is written. */
export async function stopPostmaster(dataDir: string): Promise<void> {
  // Where the system does not tell what a process is, and nobody listens, the pid may be any other's by now.
  if (process.platform !== 'linux' && !(await isListening(dataDir))) return
  const pid = readPid(dataDir)
  if (pid === undefined || !isPostmaster(pid, dataDir)) return
  // PostgreSQL's fast shutdown.
  if (!sendSignal(pid, 'SIGINT')) return
  const until = Date.now() + stopWithinMs
  while (isAlive(pid, dataDir)) {
    // Its immediate one: it recovers at the next start.
    if (Date.now() > until) sendSignal(pid, 'SIGQUIT')
    await delay(againMs)
  }
}

/** Its pid file goes at its very end; a process that did not get so far is gone itself. */
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
  const path = pidFile(dataDir)
  if (!existsSync(path)) return undefined
  const pid = Number(readFileSync(path, 'utf8').split('\n', 1)[0])
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
}

/**
 * A killed PostgreSQL leaves its pid, which in a container that was started anew soon belongs to another process of the same
 * user; PostgreSQL takes that one for itself and does not start. A power cut may leave these files empty, which it refuses, too.
 * Nobody listens, so what is no PostgreSQL here is none at all.
 */
function removeStalePidFiles(dataDir: string): void {
  const pid = readPid(dataDir)
  if (process.platform !== 'linux' || (pid !== undefined && isPostmaster(pid, dataDir))) return
  rmSync(pidFile(dataDir), { force: true })
  rmSync(join(socketFolder(dataDir), `.s.PGSQL.${port}.lock`), { force: true })
}

/** Whether the process works in the cluster's folder; where the system does not tell, PostgreSQL's own file is believed. */
function isPostmaster(pid: number, dataDir: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterFolder(dataDir))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
