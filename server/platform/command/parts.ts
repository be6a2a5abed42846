import type { Words } from '../words.ts'
import { type CommandPart, UsageError } from './command.ts'

/** Says in the help how a secret is kept out of the list of processes. */
const fromInput = { zh: '；- 表示从标准输入读一行', en: '; - reads a line of standard input' }

function withMore(words: Words, more: Words): Words {
  return { zh: `${words.zh}${more.zh}`, en: `${words.en}${more.en}` }
}

/** Returns the error for an option or argument that a command cannot do without. */
export function missing(flags: string): UsageError {
  return new UsageError({ zh: `缺少 ${flags}`, en: `${flags} is missing` })
}

/** Returns the error for a value that is none of the choices. */
export function notOneOf(flags: string, choices: readonly string[]): UsageError {
  return new UsageError({
    zh: `${flags} 应为 ${choices.join('、')} 之一`,
    en: `${flags} takes one of ${choices.join(', ')}`,
  })
}

export function text(flags: string, description: Words): CommandPart<string | undefined> {
  return { flags, description, kind: 'plain', read: raw => (typeof raw === 'string' ? raw : undefined) }
}

export function requiredText(flags: string, description: Words): CommandPart<string> {
  return {
    ...text(flags, description),
    read(raw) {
      if (typeof raw !== 'string' || raw === '') throw missing(flags)
      return raw
    },
  }
}

/** `-` reads a line of standard input, so that the value does not show in the list of processes. */
export function secret(flags: string, description: Words): CommandPart<string | undefined> {
  return { ...text(flags, withMore(description, fromInput)), kind: 'secret' }
}

export function requiredSecret(flags: string, description: Words): CommandPart<string> {
  return { ...requiredText(flags, withMore(description, fromInput)), kind: 'secret' }
}

export function file(flags: string, description: Words): CommandPart<string> {
  return { ...requiredText(flags, description), kind: 'file' }
}

/** A file, or `-` for standard output. */
export function fileOrOutput(flags: string, description: Words): CommandPart<string> {
  return { ...file(flags, description), allowsDash: true }
}

/** A file, or `s3://bucket/key`. */
export function fileOrAddress(flags: string, description: Words): CommandPart<string> {
  return { ...file(flags, description), allowsAddress: true }
}

/** The same where there may be none. */
export function optionalFileOrAddress(flags: string, description: Words): CommandPart<string | undefined> {
  return { ...text(flags, description), kind: 'file', allowsAddress: true }
}

/** `--flag`, or `--no-flag`, which is true unless given. */
export function toggle(flags: string, description: Words): CommandPart<boolean> {
  const isOnAnyway = flags.startsWith('--no-')
  return {
    flags,
    description,
    kind: 'plain',
    read: raw => (isOnAnyway ? raw !== false : raw === true),
  }
}

/** `--flag`, where leaving it out leaves all as it is. */
export function onlyOn(flags: string, description: Words): CommandPart<true | undefined> {
  return { flags, description, kind: 'plain', read: raw => raw === true || undefined }
}

/** `--flag` and `--flag on` turn it on, `--flag off` turns it off. */
export function optionalSwitch(flags: string, description: Words): CommandPart<boolean | undefined> {
  return {
    ...text(flags, description),
    read(raw) {
      if (raw === undefined || typeof raw === 'boolean') return raw
      if (raw !== 'on' && raw !== 'off')
        throw new UsageError({ zh: `${flags} 应为 on 或 off`, en: `${flags} takes on or off` })
      return raw === 'on'
    },
  }
}

/** Values separated by commas or spaces; '' is the empty list. */
export function list(flags: string, description: Words): CommandPart<string[] | undefined> {
  return {
    ...text(flags, description),
    read: raw => (typeof raw === 'string' ? raw.split(/[\s,，|]+/).filter(Boolean) : undefined),
  }
}

export function integers(flags: string, description: Words): CommandPart<number[] | undefined> {
  const words = list(flags, description)
  return { ...words, read: raw => words.read(raw)?.map(word => toInteger(flags, word, 0, 4_294_967_295)) }
}

type Range = { min: number; max: number }

export function integer(flags: string, description: Words, range: Range): CommandPart<number | undefined> {
  return {
    ...text(flags, description),
    read: raw => (typeof raw === 'string' ? toInteger(flags, raw, range.min, range.max) : undefined),
  }
}

export function requiredInteger(flags: string, description: Words, range: Range): CommandPart<number> {
  const words = requiredText(flags, description)
  return { ...words, read: raw => toInteger(flags, words.read(raw), range.min, range.max) }
}

export function integerOr(
  otherwise: number,
  flags: string,
  description: Words,
  range: Range,
): CommandPart<number> {
  const given = integer(
    flags,
    withMore(description, { zh: `，默认 ${otherwise}`, en: `; ${otherwise} by default` }),
    range,
  )
  return { ...given, read: raw => given.read(raw) ?? otherwise }
}

/** A time as ISO 8601 writes it; without a zone it is in the machine's. */
export function time(flags: string, description: Words): CommandPart<Date | undefined> {
  return {
    ...text(flags, description),
    read(raw) {
      if (typeof raw !== 'string') return undefined
      const at = new Date(raw)
      if (Number.isNaN(at.getTime()))
        throw new UsageError({
          zh: `${flags} 应为 ISO 8601 的时间，收到 ${JSON.stringify(raw)}`,
          en: `${flags} takes a time in ISO 8601, not ${JSON.stringify(raw)}`,
        })
      return at
    },
  }
}

export function choice<const T extends string>(
  flags: string,
  description: Words,
  choices: readonly T[],
): CommandPart<T | undefined> {
  return {
    ...text(flags, withMore(description, { zh: `: ${choices.join('、')}`, en: `: ${choices.join(', ')}` })),
    read(raw) {
      if (typeof raw !== 'string') return undefined
      const found = choices.find(one => one === raw)
      if (!found) throw notOneOf(flags, choices)
      return found
    },
  }
}

/** The same for choices that stand for other values. */
export function choiceOf<T>(
  flags: string,
  description: Words,
  values: Readonly<Record<string, T>>,
): CommandPart<T | undefined> {
  return readAs(choice(flags, description, Object.keys(values)), name => values[name]!)
}

/** A part whose value, where it is given, is read further. */
export function readAs<T, U>(
  part: CommandPart<T | undefined>,
  read: (given: T) => U,
): CommandPart<U | undefined> {
  return {
    ...part,
    read(raw) {
      const given = part.read(raw)
      return given === undefined ? undefined : read(given)
    },
  }
}

export const anyId = { min: 1, max: Number.MAX_SAFE_INTEGER }

function toInteger(flags: string, word: string, min: number, max: number): number {
  const number = /^\d{1,16}$/.test(word) ? Number(word) : Number.NaN
  if (!(number >= min && number <= max))
    throw new UsageError({
      zh: `${flags} 应为 ${min} 到 ${max} 的整数，收到 ${JSON.stringify(word)}`,
      en: `${flags} takes an integer from ${min} to ${max}, not ${JSON.stringify(word)}`,
    })
  return number
}
