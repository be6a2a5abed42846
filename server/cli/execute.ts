import type { Writable } from 'node:stream'
import { type Context, createContext } from '../context.ts'
import { BackupError } from '../features/backup/backup-error.ts'
import { configChecks, settles } from '../features.ts'
import { corpOf } from '../organisation/corps/commands/corp-parts.ts'
import { type Io, type Output, readParts, UsageError } from '../platform/command/command.ts'
import { commandLanguage, said } from '../platform/command/language.ts'
import { NodeMissing, noteWaiting } from '../platform/command/node-work.ts'
import { oneLine } from '../platform/command/text.ts'
import { type Config, ConfigError } from '../platform/config.ts'
import { ApiError } from '../platform/http/errors.ts'
import { createLog } from '../platform/operation/log.ts'
import { StartError } from '../platform/operation/start-error.ts'
import { SealError } from '../platform/security/seal.ts'
import { DatabaseAway } from '../platform/storage/availability.ts'
import type { Words } from '../platform/words.ts'
import { authorised, authorisedOffline } from './authorise.ts'
import { type Command, commands } from './commands.ts'
import type { Invocation } from './program.ts'

/** The output of a command: standard output and standard error. */
export type Terminal = {
  out(text: string): void
  note(text: string): void
  /** Standard output for bytes; undefined where a person would see them. */
  bytes: Writable | undefined
  /** Asks a person who is there for a line; undefined where nobody is. */
  ask?: ((question: string) => Promise<string>) | undefined
}

export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

export function findCommand(path: string): Command {
  const found = commands.find(one => one.path === path)
  if (!found) throw new UsageError({ zh: `没有命令 ${path}`, en: `there is no command ${path}` })
  return found
}

/** Runs a command to its end and returns its exit code. */
export async function execute(
  config: Config,
  invocation: Invocation,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<number> {
  let isTaken = false
  const io: Io = {
    signal,
    say: text => {
      if (!invocation.json) terminal.out(text)
    },
    note: terminal.note,
    output: () => {
      if (!terminal.bytes)
        throw new UsageError({
          zh: '标准输出是终端：请写到文件，或用管道、> 接走',
          en: 'standard output is a terminal: write to a file, or use a pipe or >',
        })
      isTaken = true
      return terminal.bytes
    },
  }
  const { data, text, failed } = await run(config, invocation, io, terminal.ask)
  const print = isTaken ? terminal.note : terminal.out
  print(invocation.json ? JSON.stringify(data ?? null, null, 2) : text)
  return failed ? exitCodes.failed : exitCodes.ok
}

async function run(config: Config, invocation: Invocation, io: Io, ask: Terminal['ask']): Promise<Output> {
  const command = findCommand(invocation.command)
  const input = readParts(command.parts, invocation.values)
  config.publicUrl ||= `http://${config.host}:${config.port}`
  const log = createLog(config.logLevel === 'debug' ? 'debug' : 'silent', process.stderr)
  const typed = { command, input, signing: invocation.signing, ask }
  if (command.needs === 'config')
    return authorisedOffline(config, log, typed, io, () =>
      command.run({ config, settles, configChecks }, input, io),
    )
  const context = await createContext(config, { log }, 'command')
  try {
    const begunAt = new Date(context.now())
    const work = async (by: Pick<Io, 'isEmergency' | 'signer'>) => {
      const output = await command.run(context, input, { ...io, ...by })
      await noteWaiting(context, begunAt, io)
      return output
    }
    return await authorised(context, typed, io, async by => {
      const corpId = command.directory ? corpOfInput(context, input) : undefined
      return corpId === undefined ? work(by) : context.mirrors.during(corpId, () => work(by))
    })
  } finally {
    await context.close()
  }
}

/** The corp that the command concerns. Undefined for an unknown developer, which the command itself reports. */
function corpOfInput(ctx: Context, input: Record<string, unknown>): string | undefined {
  const { devId, corp } = input as { devId?: string; corp?: string }
  return devId === undefined ? corpOf(ctx, corp) : ctx.developers.get(devId)?.corpId
}

/** An error as one line of text and an exit code. */
export function failure(error: unknown): { line: string; code: number } {
  if (error instanceof Error && error.name === 'AbortError')
    return {
      line: said({ zh: '已中断等待', en: 'no longer waiting: interrupted' }),
      code: exitCodes.interrupted,
    }
  const isUsage = error instanceof UsageError
  return { line: describe(error), code: isUsage ? exitCodes.usage : exitCodes.failed }
}

/** Errors that have words of their own, in both languages. */
const expected = [UsageError, NodeMissing, BackupError, ConfigError, SealError, StartError]

function describe(error: unknown): string {
  if (error instanceof ApiError) return oneLine(error.messageIn(commandLanguage()))
  if (expected.some(kind => error instanceof kind)) return oneLine(said((error as { words: Words }).words))
  const { message, code } = error as NodeJS.ErrnoException
  if (error instanceof DatabaseAway || code === 'ECONNREFUSED')
    return (
      noRoom(error as Error) ??
      said({
        zh: '连不上数据库，请检查 WISP_DATABASE_URL',
        en: 'the database cannot be reached: check WISP_DATABASE_URL',
      })
    )
  return oneLine(message || code || String(error))
}

/** What PostgreSQL answered when it had no room; undefined when it did not answer. */
function noRoom({ cause }: Error): string | undefined {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: string }
  if (typeof code !== 'string' || !/^(53\w{3}|58030)$/.test(code)) return undefined
  return oneLine(
    said({
      zh: `数据库服务器的磁盘、内存或连接数不够，请先腾出：${message}（${code}）`,
      en: `the database server is out of disk, memory or connections: make room first: ${message} (${code})`,
    }),
  )
}
