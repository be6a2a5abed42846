import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * The processes of a run. With taskset and at least two cores, the measured server has core 0 for itself and
 * the measuring processes have core 1; PostgreSQL runs wherever the operating system puts it.
 */
export const cores = { measured: 0, measuring: 1 } as const
export type Core = (typeof cores)[keyof typeof cores]

let isPinning = false

/** Moves this process, and the children started for core 1, away from the core of the measured server. */
export function pinProcesses(coreCount: number): boolean {
  if (coreCount < 2) return false
  const { status } = spawnSync('taskset', ['-cp', String(cores.measuring), String(process.pid)])
  isPinning = status === 0
  return isPinning
}

export type Child = {
  pid: number
  /** The child's first message. */
  ready: Record<string, unknown>
  /** Asks the child a question; rejects when the child ends before it answers. */
  ask<T>(question: string, details?: Record<string, unknown>): Promise<T>
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Stops the children that a failed case left running. */
export async function stopChildren(): Promise<void> {
  await Promise.all(
    [...running].map(child => {
      const exited = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      return exited
    }),
  )
}

export type ChildOptions = { core: Core; env?: Record<string, string>; nodeArgs?: string[] }

/** Starts a script of this project and waits for its first message. */
export async function startChild(script: string, options: ChildOptions): Promise<Child> {
  const node = [process.execPath, ...(options.nodeArgs ?? []), script]
  const [command = '', ...args] = isPinning ? ['taskset', '-c', String(options.core), ...node] : node
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 2, 2, 'ipc'],
    serialization: 'advanced',
  })
  running.add(child)
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => {
      running.delete(child)
      resolve()
    })
  })
  const ready = await firstMessage(child, script)
  let questions = 0
  return {
    pid: child.pid ?? 0,
    ready,
    ask<T>(question: string, details: Record<string, unknown> = {}) {
      const id = ++questions
      return new Promise<T>((resolve, reject) => {
        const onMessage = (message: { id?: number; answer?: T; error?: string }) => {
          if (message.id !== id) return
          child.off('message', onMessage).off('exit', onExit)
          if (message.error === undefined) resolve(message.answer as T)
          else reject(new Error(`${script} ${question}: ${message.error}`))
        }
        const onExit = () => reject(new Error(`${script} ended during ${question}`))
        child.on('message', onMessage).once('exit', onExit)
        child.send({ id, question, ...details })
      })
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

function firstMessage(child: ChildProcess, script: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${script} ended with ${code}`))
    child.once('exit', onExit).once('error', reject)
    child.once('message', message => {
      child.off('exit', onExit)
      resolve(message as Record<string, unknown>)
    })
  })
}

type Question = { id: number; question: string }

/** The child's side: sends `ready`, unless the server in it has already done so, and then answers questions. */
export function answerParent(
  ready: Record<string, unknown> | undefined,
  answers: { [question: string]: (details: never) => unknown },
): void {
  process.on('message', (message: Question) => {
    Promise.resolve()
      .then(() => answers[message.question]?.(message as never))
      .then(
        answer => process.send?.({ id: message.id, answer }),
        error => process.send?.({ id: message.id, error: String((error as Error).stack ?? error) }),
      )
  })
  process.once('disconnect', () => process.exit(0))
  if (ready) process.send?.(ready)
}

const ticksPerSecond = 100

/** The user and system time that a process has used, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The memory of a process in MB, now and at its peak. */
export function memoryOf(pid: number): { nowMb: number; peakMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
  return { nowMb: read('VmRSS'), peakMb: read('VmHWM') }
}
