import { BackupError } from '../backup/backup-error.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../http/errors.ts'
import { SealError } from '../security/seal.ts'
import { DatabaseAway } from '../storage/availability.ts'
import { DataDirectoryBusy } from '../storage/database.ts'
import { type Command, type Io, readParts, UsageError } from './command.ts'
import { commands } from './commands.ts'
import type { Invocation } from './program.ts'
import { oneLine } from './text.ts'

/** What a command has to say, as it comes: for standard output, for standard error, and at last its exit code. */
export type Event = { out: string } | { note: string } | { error: string } | { exit: number }

export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Throws UsageError. */
export function findCommand(path: string): Command {
  const found = commands.find(one => one.path === path)
  if (!found) throw new UsageError(`没有命令 ${path}`)
  return found
}

/** Runs a command to its end; every failure becomes one line and an exit code. */
export async function execute(
  on: { context: Context } | { config: Config },
  invocation: Invocation,
  signal: AbortSignal,
  emit: (event: Event) => void,
): Promise<void> {
  const io: Io = {
    signal,
    say: text => {
      if (!invocation.json) emit({ out: text })
    },
    note: text => emit({ note: text }),
  }
  try {
    const { data, text, failed } = await run(on, invocation, io)
    emit({ out: invocation.json ? JSON.stringify(data ?? null, null, 2) : text })
    emit({ exit: failed ? exitCodes.failed : exitCodes.ok })
  } catch (error) {
    for (const event of failure(error)) emit(event)
  }
}

function run(on: { context: Context } | { config: Config }, invocation: Invocation, io: Io) {
  const command = findCommand(invocation.command)
  const input = readParts(command.parts, invocation.values)
  if (command.needs === 'context' && 'context' in on) return command.run(on.context, input, io)
  if (command.needs === 'config' && 'config' in on) return command.run(on.config, input, io)
  throw new DataDirectoryBusy('wisp is running')
}

export function failure(error: unknown): Event[] {
  if (error instanceof Error && error.name === 'AbortError')
    return [{ error: '已中断等待' }, { exit: exitCodes.interrupted }]
  const isUsage = error instanceof UsageError
  return [{ error: describe(error) }, { exit: isUsage ? exitCodes.usage : exitCodes.failed }]
}

const expected = [UsageError, ApiError, BackupError, ConfigError, SealError]

function describe(error: unknown): string {
  if (error instanceof DataDirectoryBusy) return '另一个 wisp 正在使用这个数据目录，请先停止它再执行'
  if (expected.some(kind => error instanceof kind)) return oneLine((error as Error).message)
  const { message, code } = error as NodeJS.ErrnoException
  if (error instanceof DatabaseAway || code === 'ECONNREFUSED')
    return '连不上数据库，请检查 WISP_DATABASE_URL'
  return oneLine(message || code || String(error))
}
