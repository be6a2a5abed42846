import type { Writable } from 'node:stream'
import type { Point } from '../http/admin/points.ts'
import type { ThreeRole } from '../http/admin/three-role.ts'
import type { UsesDirectory } from '../http/endpoint.ts'
import type { Words } from '../words.ts'

/** The command line could not be understood: exit code 2. Empty words: the help was shown in their place. */
export class UsageError extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(words.zh)
    this.words = words
  }
}

/** The value of one option or argument as the shell passed it; `false` for `--no-…`. */
export type RawValue = string | boolean | undefined

/** One option (`--name <text>`) or argument (`<file>`, `[to]`), and how it is read. */
export type CommandPart<T> = {
  flags: string
  description: Words
  /**
   * A `file` is made absolute where the command is typed; a `secret` may be `-`, which reads a line of standard
   * input.
   */
  kind: 'plain' | 'file' | 'secret'
  /** Of a file: `-` is standard output, and not a name. */
  allowsDash?: true
  /** Of a file: `s3://…` is an address, and no name of a file. */
  allowsAddress?: true
  read(raw: RawValue): T
}

export type Parts = Record<string, CommandPart<unknown>>
type Input<P extends Parts> = { [K in keyof P]: P[K] extends CommandPart<infer T> ? T : never }

export type Io = {
  /** Prints text before the command ends; does nothing with --json. */
  say(text: string): void
  /** Prints progress to standard error. */
  note(text: string): void
  /** Standard output for bytes; what the command says in the end then goes to standard error. Throws UsageError. */
  output(): Writable
  /** Aborted when nobody waits for the command any more. */
  signal: AbortSignal
  /** A break-glass: the command may do alone what takes two of the three administrators otherwise. */
  isEmergency?: true
  /** Which of the three administrators gave the code by which the command runs. */
  signer?: { userId: string; role: ThreeRole; memberId: number | undefined } | undefined
}

/** `failed`: the command ran but its result is a failure, exit code 1. */
export type Output = { data: unknown; text: string; failed?: boolean }

type CommandDescription = {
  /** The words as they are typed: `admin role set`. */
  path: string
  point: Point
  summary: Words
  /** What the help says after the options. */
  details?: Words
  parts: Parts
  /**
   * When true, the address book of the command's corp is in memory before the command runs; otherwise the command, or a
   * rule that it is held to, asks for it where it is needed.
   */
  directory?: true | undefined
}

/** The corp of what the parts name, for a command that names no corp; undefined where there is none such. */
type CorpFinder<On, I> = (on: On, input: I) => string | undefined | Promise<string | undefined>

type Run<On, I> = (on: On, input: I, io: Io) => Promise<Output>
type RawInputs = Record<string, unknown>

export type CommandOnContext<C> = CommandDescription & {
  needs: 'context'
  about?: CorpFinder<C, RawInputs> | undefined
  run: Run<C, RawInputs>
}
/** Opens the database itself, or does without. */
export type CommandOnConfig<On> = CommandDescription & { needs: 'config'; run: Run<On, RawInputs> }
/** Any command that a context of type C can run, and `On` before there is one. */
export type AnyCommand<C, On> = CommandOnContext<C> | CommandOnConfig<On>

type Declaration<P extends Parts, On> = Omit<CommandDescription, 'parts' | 'directory'> & {
  parts: P
  run: Run<On, Input<P>>
}

/** `run` names what it takes of the context: `ctx: Core & { corps: Corps }`. */
export function command<P extends Parts, C>(
  declaration: Declaration<P, C> & { about?: CorpFinder<C, Input<P>> },
  ..._onlyWithout: C extends UsesDirectory ? [mirrors: never] : []
): CommandOnContext<C> {
  const { run, about } = declaration
  return {
    ...declaration,
    needs: 'context',
    about: about && ((ctx, input) => about(ctx, input as Input<P>)),
    run: (ctx, input, io) => run(ctx, input as Input<P>, io),
  }
}

/** For commands that take `mirrors`. */
export function directoryCommand<P extends Parts, C extends UsesDirectory>(
  declaration: Declaration<P, C>,
): CommandOnContext<C> {
  const { run } = declaration
  return {
    ...declaration,
    directory: true,
    needs: 'context',
    run: (ctx, input, io) => run(ctx, input as Input<P>, io),
  }
}

export function commandOnConfig<P extends Parts, On>(declaration: Declaration<P, On>): CommandOnConfig<On> {
  const { run } = declaration
  return { ...declaration, needs: 'config', run: (on, input, io) => run(on, input as Input<P>, io) }
}

export function readParts(parts: Parts, raw: Record<string, RawValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read(raw[name])]))
}

/** Leaves out the values that were not given. */
export function givenOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
