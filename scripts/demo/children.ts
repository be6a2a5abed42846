import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A process of the demo. It does not receive the terminal's signals; only this process tells it to stop. */
export type Child = {
  name: string
  process: ChildProcess
  logPath: string
  /** Resolves with how it ended. */
  exited: Promise<string>
}

export class ChildFailed extends Error {}

const root = join(import.meta.dirname, '../..')
const leash = join(import.meta.dirname, 'leash.ts')
/** The cache of compiled sources that the commands also use (bin/wisp.mjs). */
const compileCache = join(root, 'node_modules/.cache/node')
const linesShown = 15
const columnsShown = 300
const stopWithinMs = 20_000

export function startChild(options: {
  name: string
  script: string
  env: Record<string, string>
  logPath: string
}): Child {
  const { name, logPath } = options
  const log = openSync(logPath, 'w', 0o600)
  const child = fork(join(root, options.script), [], {
    cwd: root,
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...options.env },
    execArgv: ['--import', leash],
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const exited = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `退出码 ${code}`))
  })
  return { name, process: child, logPath, exited }
}

/** Resolves with the child's first message. Throws ChildFailed with the end of its log when it ends before that. */
export async function firstMessage<T>(child: Child): Promise<T> {
  return orEnd(child, new Promise<T>(resolve => child.process.once('message', word => resolve(word as T))))
}

/** Resolves with the result of `work`, or throws ChildFailed when the child ends before that. */
export async function orEnd<T>(child: Child, work: Promise<T>): Promise<T> {
  const ended = child.exited.then(how => {
    throw new ChildFailed(`${child.name}启动失败（${how}）：\n${tail(child)}`)
  })
  return Promise.race([work, ended])
}

/** The last lines of its log. */
export function tail(child: Child): string {
  const lines = readFileSync(child.logPath, 'utf8').trimEnd().split('\n')
  return lines
    .slice(-linesShown)
    .map(line => `  ${line.length > columnsShown ? `${line.slice(0, columnsShown)}…` : line}`)
    .join('\n')
}

export function isRunning({ process: child }: Child): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

const stops = new WeakMap<Child, Promise<void>>()

/**
 * Asks the child to stop, and kills it when it does not. It is asked only once, because a second signal would
 * cut its shutdown short.
 */
export function stopChild(child: Child): Promise<void> {
  const known = stops.get(child)
  if (known) return known
  const stop = askToStop(child)
  stops.set(child, stop)
  return stop
}

async function askToStop(child: Child): Promise<void> {
  if (!isRunning(child)) return
  child.process.kill('SIGTERM')
  const timer = setTimeout(() => child.process.kill('SIGKILL'), stopWithinMs)
  await child.exited
  clearTimeout(timer)
}
