import type { Writable } from 'node:stream'
import type { Context } from '../context.ts'
import type { Config } from '../platform/config.ts'

/** The command line could not be understood: exit code 2. */
export class UsageError extends Error {}

/** The value of one option or argument as the shell passed it; `false` for `--no-…`. */
export type Raw = string | boolean | undefined

/** One option (`--name <text>`) or argument (`<file>`, `[to]`), and how it is read. */
export type Part<T> = {
  flags: string
  description: string
  /**
   * A `file` is made absolute where the command is typed; a `secret` may be `-`, which reads a line of standard
   * input.
   */
  kind: 'plain' | 'file' | 'secret'
  /** Of a file: `-` is standard output, and not a name. */
  allowsDash?: true
  read(raw: Raw): T
}

export type Parts = Record<string, Part<unknown>>
type Input<P extends Parts> = { [K in keyof P]: P[K] extends Part<infer T> ? T : never }

export type Io = {
  /** Prints text before the command ends; does nothing with --json. */
  say(text: string): void
  /** Prints progress to standard error. */
  note(text: string): void
  /** Standard output for bytes; what the command says in the end then goes to standard error. Throws UsageError. */
  output(): Writable
  /** Aborted when nobody waits for the command any more. */
  signal: AbortSignal
}

/** `failed`: the command ran but its result is a failure, exit code 1. */
export type Output = { data: unknown; text: string; failed?: boolean }

type Described = {
  /** The words as they are typed: `admin role set`. */
  path: string
  summary: string
  details?: string
  parts: Parts
  /**
   * When true, the address book of the command's corp is in memory before the command runs; otherwise the command, or a
   * rule that it is held to, asks for it where it is needed.
   */
  directory?: true | undefined
}

/** A command is a function of the context. One that `needs` only the configuration opens the database itself. */
export type Command = Described &
  (
    | { needs: 'context'; run(ctx: Context, input: Record<string, unknown>, io: Io): Promise<Output> }
    | { needs: 'config'; run(config: Config, input: Record<string, unknown>, io: Io): Promise<Output> }
  )

type Declaration<P extends Parts, On> = Omit<Described, 'parts' | 'directory'> & {
  parts: P
  run(on: On, input: Input<P>, io: Io): Promise<Output>
}

export type ContextWithoutDirectory = Omit<Context, 'mirrors'> & { mirrors: Pick<Context['mirrors'], 'load'> }

export function command<P extends Parts>(declaration: Declaration<P, ContextWithoutDirectory>): Command {
  const { run } = declaration
  return { ...declaration, needs: 'context', run: (ctx, input, io) => run(ctx, input as Input<P>, io) }
}

export function directoryCommand<P extends Parts>(declaration: Declaration<P, Context>): Command {
  const { run } = declaration
  const directory = true as const
  return {
    ...declaration,
    directory,
    needs: 'context',
    run: (ctx, input, io) => run(ctx, input as Input<P>, io),
  }
}

export function commandOnConfig<P extends Parts>(declaration: Declaration<P, Config>): Command {
  const { run } = declaration
  return { ...declaration, needs: 'config', run: (config, input, io) => run(config, input as Input<P>, io) }
}

export function readParts(parts: Parts, raw: Record<string, Raw>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read(raw[name])]))
}

/** Leaves out the values that were not given. */
export function givenOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
