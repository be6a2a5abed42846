import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { programEnv } from '../program-env.ts'
import { until } from '../until.ts'
import { serverProgram } from './built-server.ts'
import type { ReleaseTree } from './release-tree.ts'

/** The real program, which can be killed. */
export type ServerProcess = {
  readonly url: string
  readonly pid: number
  readonly log: string[]
  /** Sends SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  ended(): Promise<number | null>
}

const sources = join(import.meta.dirname, '..', '..', 'server', 'main.ts')

/** A start that may fail, or be stopped before it is ready. */
export type Attempt = {
  ended: Promise<{ code: number | null; output: string }>
  signal(name: NodeJS.Signals): void
  /** Resolves when this holds of what was printed. */
  until(holds: (output: string) => boolean): Promise<void>
}

export function attemptProcess(env: Record<string, string>): Attempt {
  const child = spawn(process.execPath, [sources], {
    env: { ...programEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const reap = () => void child.kill('SIGKILL')
  process.once('exit', reap)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', reap)
    return { code: code as number | null, output }
  })
  return {
    ended,
    signal: name => void child.kill(name),
    until: holds => until('what the process should say', () => holds(output), 60_000).then(() => undefined),
  }
}

/** Starts wisp in a process of its own. If it ends before it is ready, rejects with its output. */
export async function startProcess(
  env: Record<string, string>,
  {
    detached = false,
    release,
    within = [],
  }: {
    detached?: boolean
    release?: Pick<ReleaseTree, 'main' | 'execArgv'>
    /** What leads to another machine. */
    within?: readonly string[]
  } = {},
): Promise<ServerProcess> {
  const whole = [
    ...within,
    process.execPath,
    ...(release ? [...release.execArgv, release.main] : [await serverProgram()]),
  ]
  const [program = '', ...args] = whole
  const child = spawn(program, args, {
    detached,
    env: { ...programEnv, WISP_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // Ends the process even when a test fails before it stops it.
  const reap = () => void child.kill('SIGKILL')
  process.once('exit', reap)
  child.once('exit', () => process.off('exit', reap))
  const log: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => log.push(text))
  }
  const url = await readyUrl(child, log)
  const end = async (signal?: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      if (signal) child.kill(signal)
      await once(child, 'exit')
    }
    return child.exitCode
  }
  return {
    url,
    pid: child.pid as number,
    log,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    ended: () => end(),
  }
}

function readyUrl(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('message', message => resolve((message as { ready: string }).ready))
    child.once('exit', code => reject(new Error(`wisp ended with ${code}: ${log.join('')}`)))
    child.once('error', reject)
  })
}

/** The node that made an answer, by its `x-request-id`. */
export const nodeIdOf = (requestId: string | null | undefined) => String(requestId).split('-')[0] ?? ''

/**
 * As `until`, also while nobody answers (fetch's TypeError).
 */
export function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  withinMs = 20_000,
  everyMs?: number,
): Promise<T> {
  return until(what, () => check().catch(whenNobodyAnswers), withinMs, everyMs)
}

function whenNobodyAnswers(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error
}
