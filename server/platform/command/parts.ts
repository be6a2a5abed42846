import { type CommandPart, UsageError } from './command.ts'

export function text(flags: string, description: string): CommandPart<string | undefined> {
  return { flags, description, kind: 'plain', read: raw => (typeof raw === 'string' ? raw : undefined) }
}

export function requiredText(flags: string, description: string): CommandPart<string> {
  return {
    ...text(flags, description),
    read(raw) {
      if (typeof raw !== 'string' || raw === '') throw new UsageError(`缺少 ${flags}`)
      return raw
    },
  }
}

/** `-` reads a line of standard input, so that the value does not show in the list of processes. */
export function secret(flags: string, description: string): CommandPart<string | undefined> {
  return { ...text(flags, `${description}；- 表示从标准输入读一行`), kind: 'secret' }
}

export function requiredSecret(flags: string, description: string): CommandPart<string> {
  return { ...requiredText(flags, `${description}；- 表示从标准输入读一行`), kind: 'secret' }
}

export function file(flags: string, description: string): CommandPart<string> {
  return { ...requiredText(flags, description), kind: 'file' }
}

/** A file, or `-` for standard output. */
export function fileOrOutput(flags: string, description: string): CommandPart<string> {
  return { ...file(flags, description), allowsDash: true }
}

/** A file, or `s3://bucket/key`. */
export function fileOrAddress(flags: string, description: string): CommandPart<string> {
  return { ...file(flags, description), allowsAddress: true }
}

/** The same where there may be none. */
export function optionalFileOrAddress(flags: string, description: string): CommandPart<string | undefined> {
  return { ...text(flags, description), kind: 'file', allowsAddress: true }
}

/** `--flag`, or `--no-flag`, which is true unless given. */
export function toggle(flags: string, description: string): CommandPart<boolean> {
  const isOnAnyway = flags.startsWith('--no-')
  return {
    flags,
    description,
    kind: 'plain',
    read: raw => (isOnAnyway ? raw !== false : raw === true),
  }
}

/** `--flag`, where leaving it out leaves all as it is. */
export function onlyOn(flags: string, description: string): CommandPart<true | undefined> {
  return { flags, description, kind: 'plain', read: raw => raw === true || undefined }
}

/** `--flag` and `--flag on` turn it on, `--flag off` turns it off. */
export function optionalSwitch(flags: string, description: string): CommandPart<boolean | undefined> {
  return {
    ...text(flags, description),
    read(raw) {
      if (raw === undefined || typeof raw === 'boolean') return raw
      if (raw !== 'on' && raw !== 'off') throw new UsageError(`${flags} 应为 on 或 off`)
      return raw === 'on'
    },
  }
}

/** Values separated by commas or spaces; '' is the empty list. */
export function list(flags: string, description: string): CommandPart<string[] | undefined> {
  return {
    ...text(flags, description),
    read: raw => (typeof raw === 'string' ? raw.split(/[\s,，|]+/).filter(Boolean) : undefined),
  }
}

export function integers(flags: string, description: string): CommandPart<number[] | undefined> {
  const words = list(flags, description)
  return { ...words, read: raw => words.read(raw)?.map(word => toInteger(flags, word, 0, 4_294_967_295)) }
}

type Range = { min: number; max: number }

export function integer(flags: string, description: string, range: Range): CommandPart<number | undefined> {
  return {
    ...text(flags, description),
    read: raw => (typeof raw === 'string' ? toInteger(flags, raw, range.min, range.max) : undefined),
  }
}

export function requiredInteger(flags: string, description: string, range: Range): CommandPart<number> {
  const words = requiredText(flags, description)
  return { ...words, read: raw => toInteger(flags, words.read(raw), range.min, range.max) }
}

export function integerOr(
  otherwise: number,
  flags: string,
  description: string,
  range: Range,
): CommandPart<number> {
  const given = integer(flags, `${description}，默认 ${otherwise}`, range)
  return { ...given, read: raw => given.read(raw) ?? otherwise }
}

/** A time as ISO 8601 writes it; without a zone it is in the machine's. */
export function time(flags: string, description: string): CommandPart<Date | undefined> {
  return {
    ...text(flags, description),
    read(raw) {
      if (typeof raw !== 'string') return undefined
      const at = new Date(raw)
      if (Number.isNaN(at.getTime()))
        throw new UsageError(`${flags} 应为 ISO 8601 的时间，收到 ${JSON.stringify(raw)}`)
      return at
    },
  }
}

export function choice<const T extends string>(
  flags: string,
  description: string,
  choices: readonly T[],
): CommandPart<T | undefined> {
  return {
    ...text(flags, `${description}: ${choices.join('、')}`),
    read(raw) {
      if (typeof raw !== 'string') return undefined
      const found = choices.find(one => one === raw)
      if (!found) throw new UsageError(`${flags} 应为 ${choices.join('、')} 之一`)
      return found
    },
  }
}

/** The same for choices that stand for other values. */
export function choiceOf<T>(
  flags: string,
  description: string,
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
    throw new UsageError(`${flags} 应为整数，收到 ${JSON.stringify(word)}`)
  return number
}
