import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { serverProgram } from '../../test/journeys/built-server.ts'
import { programEnv } from '../../test/program-env.ts'
import { runTyped } from './shell.ts'

const root = join(import.meta.dirname, '../..')

export type Env = Record<string, string>
export type CommandResult = { code: number | null; stdout: string; stderr: string }

const baseEnv = { ...programEnv, TZ: 'America/New_York' }

export function startWisp(env: Env, argv: string[], cwd = root): ChildProcess {
  return spawn(process.execPath, [join(root, 'bin/wisp.mjs'), ...argv], { env: { ...baseEnv, ...env }, cwd })
}

export async function finished(child: ChildProcess): Promise<CommandResult> {
  const code = new Promise<number | null>(resolve => child.once('exit', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)])
  return { code: await code, stdout, stderr }
}

/** Runs the command line as a process of its own, as a person would. */
export async function wispProcess(env: Env, argv: string[], stdin = '', cwd = root): Promise<CommandResult> {
  const child = startWisp(env, argv, cwd)
  child.stdin!.end(stdin)
  return finished(child)
}

/** Runs the command line in this process, which takes a tenth of the time. */
export async function wisp(env: Env, argv: string[], stdin = ''): Promise<CommandResult> {
  let stdout = ''
  let stderr = ''
  const code = await runTyped(argv, {
    env,
    stdin: Readable.from([stdin]),
    terminal: {
      out: text => {
        stdout += `${text}\n`
      },
      note: text => {
        stderr += `${text}\n`
      },
      bytes: undefined,
    },
    prompt: () => undefined,
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr }
}

/** Runs a command that must succeed and returns what --json prints. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export async function wispJson(env: Env, argv: string[], stdin = '', run = wisp): Promise<any> {
  const { code, stdout, stderr } = await run(env, [...argv, '--json'], stdin)
  if (code !== 0) throw new Error(`wisp ${argv.join(' ')} exited with ${code}: ${stderr}${stdout}`)
  return JSON.parse(stdout)
}

export type ServerProcess = {
  url: string
  stderr(): string
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts the real server as a process. */
export async function startServerProcess(env: Env): Promise<ServerProcess> {
  const child = spawn(process.execPath, [await serverProgram()], {
    env: { ...baseEnv, WISP_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', message => resolve((message as { ready: string }).ready))
    child.once('exit', code => reject(new Error(`server exited with ${code}: ${stderr}`)))
  })
  return {
    url,
    stderr: () => stderr,
    async stop(signal) {
      child.kill(signal)
      return exited
    },
  }
}

export function temporaryDir(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'wisp-cli-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
