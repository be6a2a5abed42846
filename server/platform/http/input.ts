import { type Static, type TSchema, Type } from 'typebox'
import type { Words } from '../words.ts'
import { shapeFault } from './bodies/shape-words.ts'
import { ApiError } from './errors.ts'
import { mistypedAs } from './mistakes/unknown-names.ts'
import { checkText, controlCharacter, hasControlCharacter, loneSurrogate, readSet } from './rules.ts'
import { type MarkedText, own, type ToldWords, told } from './told.ts'

/** `each`: of the parts of a list. `pattern`: of ids that are made here and cannot be mistaken for anything else. */
export type Shape =
  | 'id'
  | 'number'
  | 'time'
  | { choices: readonly string[] }
  | { pattern: RegExp }
  | { each: 'id' }

/**
 * What an input is for. The API publishes it in both languages; in a page call it is a note for those who read the declaration,
 * and nobody is shown it.
 */
export type Description = Words | string

/**
 * One input of a call: its schema for the API pages, and how it is read from the wire. Numbers and ids are accepted
 * as numbers or strings, lists as JSON arrays or joined strings (docs/interface/conventions.md#inputs).
 */
export type Field<
  T,
  CallerInput = unknown,
  Required extends boolean = boolean,
  A extends Description = Description,
> = {
  readonly about: A
  /** Its schema, with `about` where that is published. */
  readonly schema: TSchema
  readonly required: Required
  /** What the request log may keep of it, where the call lists it as logged; without it only kind and length. */
  readonly shape?: Shape
  /** Never set. Its type is what a TypeScript caller passes, and calls from our pages are checked against it. */
  readonly given?: CallerInput
  /** `value` is never undefined, null or ''. Throws ApiError. */
  read(value: unknown, name: string): T
  /** The value for a missing or empty input; never called for a required field. */
  missing(): T
}

export type Fields = Record<string, Field<unknown>>
/** Inputs of a call of the API, which are published. */
export type ApiFields = Record<string, Field<unknown, unknown, boolean, Words>>
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/**
 * What a TypeScript caller passes: the form on the wire, where both `''` and leaving it out mean that a field is
 * missing.
 */
export type CallerInput<F extends Fields> = {
  [K in keyof F as F[K]['required'] extends true ? K : never]: RawInputsOf<F[K]>
} & {
  [K in keyof F as F[K]['required'] extends true ? never : K]?: RawInputsOf<F[K]> | '' | undefined
}
type RawInputsOf<F> = F extends { given?: infer G } ? Exclude<G, undefined> : never

/**
 * Reads all declared inputs and ignores unknown ones. Throws ApiError 1001 or 1000, naming the input; `prefix` says where
 * these inputs stand, such as `items[2].`.
 */
export function readInput<F extends Fields>(
  fields: F,
  given: Record<string, unknown>,
  prefix = '',
): Values<F> {
  const values: Record<string, unknown> = {}
  for (const name in fields) {
    const field = fields[name]!
    const value = given[name]
    if (value === undefined || value === null || value === '') {
      if (field.required) throw missing(name, given, fields, prefix)
      values[name] = field.missing()
    } else values[name] = field.read(value, prefix + name)
  }
  return values as Values<F>
}

function missing(name: string, given: Record<string, unknown>, fields: Fields, prefix: string): ApiError {
  const mistyped = mistypedAs(name, given, fields)
  if (mistyped === undefined) return new ApiError('missingParameter', told`${own(prefix + name)}`)
  return new ApiError('missingParameter', {
    zh: told`${own(prefix + name)}（收到 ${own(mistyped)}，应为 ${own(name)}）`,
    en: told`${own(prefix + name)} (got ${own(mistyped)}, which should be ${own(name)})`,
  })
}

function published(about: Description): { about?: Words } {
  return typeof about === 'string' ? {} : { about }
}

/** `pattern` is what the request log knows the text by; it is not checked here. */
type TextOptions = { max: number; lines?: boolean; pattern?: RegExp }

/** One line of text; with `lines`, line breaks and tabs are allowed too. */
export function text<A extends Description>(about: A, options: TextOptions): Field<string, string, true, A> {
  return {
    about,
    schema: Type.String({ ...published(about), maxLength: options.max }),
    required: true,
    shape: options.pattern ? { pattern: options.pattern } : 'id',
    read: (value, name) => readText(value, name, options.max, options.lines),
    missing: () => '',
  }
}

export function optionalText<A extends Description>(
  about: A,
  options: TextOptions,
): Field<string | undefined, string, false, A> {
  return { ...text(about, options), required: false, missing: () => undefined }
}

/** Declares an input that is `0` (default) or `1`. Another value is 1000. */
export function flag<A extends Description>(about: A): Field<boolean, '0' | '1', false, A> {
  return {
    about,
    schema: Type.Union([Type.Literal('0'), Type.Literal('1')], { ...published(about), default: '0' }),
    required: false,
    shape: { choices: ['0', '1'] },
    read(value, name) {
      const given = readText(value, name, 8)
      if (given !== '0' && given !== '1')
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为 0 或 1`,
          en: told`${own(name)} should be 0 or 1`,
        })
      return given === '1'
    },
    missing: () => false,
  }
}

/** `unit` is what the number counts, where it could be mistaken for another, such as fen; errors say it. */
type IntegerOptions = { min: number; max: number; unit?: Words }

/** Declares a whole number within limits. Another value is 1000. */
export function optionalInteger<A extends Description>(
  about: A,
  options: IntegerOptions,
): Field<number | undefined, number, false, A> {
  const { min, max, unit } = options
  const wanted: Words = {
    zh: `应为 ${min} 到 ${max} 的整数${unit ? `，单位为${unit.zh}` : ''}`,
    en: `should be an integer${unit ? ` number of ${unit.en}` : ''} from ${min} to ${max}`,
  }
  return {
    about,
    schema: Type.Integer({ ...published(about), minimum: options.min, maximum: options.max }),
    required: false,
    shape: 'number',
    read(value, name) {
      const given = readText(value, name, 1000)
      const number = /^-?\d+$/.test(given) ? Number(given) : Number.NaN
      if (!(number >= options.min && number <= options.max))
        throw new ApiError('badParameter', {
          zh: told`${own(name)} ${own(wanted.zh)}`,
          en: told`${own(name)} ${own(wanted.en)}`,
        })
      return number
    },
    missing: () => undefined,
  }
}

export function integer<A extends Description>(
  about: A,
  options: IntegerOptions,
): Field<number, number, true, A> {
  const field = optionalInteger(about, options) as Field<number, number, boolean, A>
  return { ...field, required: true }
}

/** Declares an ISO 8601 time of this century or the next, which leaves out what databases cannot hold. Another value is 1000. */
export function time<A extends Description>(about: A): Field<Date, string, true, A> {
  return {
    about,
    schema: Type.String({ ...published(about), examples: ['2026-01-31T08:00:00Z'] }),
    required: true,
    shape: 'time',
    read(value, name) {
      const at = new Date(readText(value, name, 40))
      const year = at.getUTCFullYear()
      if (!(year >= 2000 && year < 2200))
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为 ISO 8601 的时间，如 2026-12-24T09:00:00+08:00`,
          en: told`${own(name)} should be an ISO 8601 time, such as 2026-12-24T09:00:00+08:00`,
        })
      return at
    },
    missing: () => undefined as never,
  }
}

export function optionalTime<A extends Description>(about: A): Field<Date | undefined, string, false, A> {
  return { ...time(about), required: false, missing: () => undefined }
}

/** Declares an input that is one of the choices. Another value is 1000. */
export function optionalChoice<const T extends string, A extends Description>(
  about: A,
  choices: readonly T[],
): Field<T | undefined, T, false, A> {
  return {
    about,
    schema: Type.Union(
      choices.map(choice => Type.Literal(choice)),
      published(about),
    ),
    required: false,
    shape: { choices },
    read(value, name) {
      const given = readText(value, name, 100)
      const choice = choices.find(one => one === given)
      if (!choice)
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为 ${own(choices.join('、'))} 之一`,
          en: told`${own(name)} should be one of ${own(choices.join(', '))}`,
        })
      return choice
    },
    missing: () => undefined,
  }
}

/** `0` or `1`, and neither where it is left out. */
export function optionalFlag<A extends Description>(
  about: A,
): Field<boolean | undefined, '0' | '1', false, A> {
  const field = optionalChoice(about, ['0', '1'])
  return { ...field, read: (value, name) => field.read(value, name) === '1', missing: () => undefined }
}

export function choice<const T extends string, A extends Description>(
  about: A,
  choices: readonly T[],
): Field<T, T, true, A> {
  return { ...(optionalChoice(about, choices) as Field<T, T, boolean, A>), required: true }
}

const idAtMost = 128
const joinedAtMost = (ids: number) => ids * (idAtMost + 1)

type Ids = string | number | readonly (string | number)[]

/** Ids as a JSON array, or joined by `|`, `,` or spaces. Duplicates are dropped. */
export function optionalIds<A extends Description>(
  about: A,
  options: { max: number },
): Field<string[], Ids, false, A> {
  return {
    about,
    schema: Type.Union(
      [
        Type.Array(Type.String({ maxLength: idAtMost }), { maxItems: options.max }),
        Type.String({ maxLength: joinedAtMost(options.max) }),
      ],
      published(about),
    ),
    required: false,
    shape: { each: 'id' },
    read(value, name) {
      const parts = Array.isArray(value)
        ? value.map((one, index) => readText(one, `${name}[${index}]`, idAtMost).trim())
        : readText(value, name, joinedAtMost(options.max)).split(/[|,\s]+/)
      return readSet(parts.filter(Boolean), name, options.max)
    },
    missing: () => [],
  }
}

/** Declares ids like `optionalIds`, which are numbers of at most 15 digits. Another value is 1000. */
export function optionalNumbers<A extends Description>(
  about: A,
  options: { max: number },
): Field<number[], Ids, false, A> {
  const ids = optionalIds(about, options)
  return {
    ...ids,
    read: (value, name) =>
      ids.read(value, name).map(id => {
        if (!/^\d{1,15}$/.test(id))
          throw new ApiError('badParameter', {
            zh: told`${own(name)} 应为数字，收到 ${id}`,
            en: told`${own(name)} should be numbers, got ${id}`,
          })
        return Number(id)
      }),
    missing: () => [],
  }
}

/** Declares a JSON array of texts, or one written as a text, in order; repeated and empty texts stay. Another value is 1000. */
export function texts<A extends Description>(
  about: A,
  options: { max: number; length: number },
): Field<string[], readonly string[], false, A> {
  return {
    about,
    schema: Type.Array(Type.String({ maxLength: options.length }), {
      ...published(about),
      maxItems: options.max,
    }),
    required: false,
    read(given, name) {
      const value = typeof given === 'string' ? listIn(given) : given
      if (!Array.isArray(value))
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为数组`,
          en: told`${own(name)} should be an array`,
        })
      if (value.length > options.max)
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 最多 ${own(options.max)} 个`,
          en: told`${own(name)} takes at most ${own(options.max)}`,
        })
      return value.map((one, index) => (one === '' ? '' : readText(one, `${name}[${index}]`, options.length)))
    },
    missing: () => [],
  }
}

/** The array that a text is the JSON of; undefined for other texts. */
function listIn(text: string): unknown {
  try {
    return text.trimStart().startsWith('[') ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

/** Throws 1000 for anything else than a JSON object. */
export function readObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 JSON 对象`,
      en: told`${own(name)} should be a JSON object`,
    })
  return value as Record<string, unknown>
}

/** Declares a JSON array of objects with these fields. Another value is 1000. */
export function optionalObjects<A extends Description, const F extends A extends Words ? ApiFields : Fields>(
  about: A,
  fields: F,
  options: { max: number },
): Field<Values<F>[], readonly CallerInput<F>[], false, A> {
  return {
    about,
    schema: Type.Array(objectSchema(fields), { ...published(about), maxItems: options.max }),
    required: false,
    read(value, name) {
      if (!Array.isArray(value))
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 应为数组`,
          en: told`${own(name)} should be an array`,
        })
      if (value.length > options.max)
        throw new ApiError('badParameter', {
          zh: told`${own(name)} 最多 ${own(options.max)} 个`,
          en: told`${own(name)} takes at most ${own(options.max)}`,
        })
      return value.map((one, index) =>
        readInput(fields, readObject(one, `${name}[${index}]`), `${name}[${index}].`),
      )
    },
    missing: () => [],
  }
}

export function objectSchema(fields: Fields): TSchema {
  return Type.Object(
    Object.fromEntries(
      Object.entries(fields).map(([name, { schema, required }]) => [
        name,
        required ? schema : Type.Optional(schema),
      ]),
    ),
  )
}

/** The read-only form of a type, since a caller's value is never changed. */
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** Declares JSON of the schema's shape. Another value is 1000, with its path, such as `settings.smtp.port`. */
export function structured<const S extends TSchema, A extends Description>(
  about: A,
  schema: S,
): Field<Static<S>, DeepReadonly<Static<S>>, true, A> {
  return {
    about,
    schema: { ...schema, ...published(about) },
    required: true,
    read(value, name) {
      const bad = shapeFault(name, schema, value) ?? badText(value, name)
      if (bad) throw new ApiError('badParameter', bad)
      return value as Static<S>
    },
    missing: () => undefined as never,
  }
}

export function optionalStructured<const S extends TSchema, A extends Description>(
  about: A,
  schema: S,
): Field<Static<S> | undefined, DeepReadonly<Static<S>>, false, A> {
  return { ...structured(about, schema), required: false, missing: () => undefined }
}

/**
 * Checks all texts inside the value: line breaks are allowed, other control characters and lone surrogates are not.
 */
function badText(value: unknown, path: MarkedText | string): ToldWords | undefined {
  if (typeof value === 'string') {
    if (hasControlCharacter(value, true)) return controlCharacter(path)
    return value.isWellFormed() ? undefined : loneSurrogate(path)
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, one] of Object.entries(value)) {
    const bad = badText(one, Array.isArray(value) ? `${path}[${key}]` : told`${own(path)}.${key}`)
    if (bad) return bad
  }
  return undefined
}

function readText(value: unknown, name: string, max: number, lines = false): string {
  if (Array.isArray(value))
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为单个字符串，收到数组或重复的参数`,
      en: told`${own(name)} should be a single string, got an array or a repeated input`,
    })
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为字符串`,
      en: told`${own(name)} should be a string`,
    })
  }
  const given = String(value)
  checkText(given, name, max, lines)
  return given
}
