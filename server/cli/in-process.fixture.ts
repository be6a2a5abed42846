import type { Context } from '../context.ts'
import { type Output, readParts } from '../platform/command/command.ts'
import { findCommand } from './execute.ts'
import { parseArguments } from './program.ts'

/** Runs what a person types after `wisp`, in this process and on an open context. */
export async function runCommand(ctx: Context, words: readonly string[]): Promise<Output> {
  const typed = parseArguments([...words])
  if (!typed) throw new Error('help was shown')
  const command = findCommand(typed.command)
  if (command.needs !== 'context') throw new Error(`${command.path} opens the database itself`)
  const io = {
    say: () => undefined,
    note: () => undefined,
    output: () => process.stdout,
    signal: new AbortController().signal,
  }
  return command.run(ctx, readParts(command.parts, typed.values), io)
}
