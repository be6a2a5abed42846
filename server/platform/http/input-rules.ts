import { Type } from 'typebox'
import type { Words } from '../words.ts'
import { ApiError } from './errors.ts'
import { type Field, optionalInteger, optionalTime } from './input.ts'
import { own, told } from './told.ts'

/** 1000 for an input, whose name may hold a position that a caller gave. */
export function wrongInput(name: string, zh: string, en: string): ApiError {
  return new ApiError('badParameter', { zh: told`${name} ${own(zh)}`, en: told`${name} ${own(en)}` })
}

/** A field with a further check, which throws. */
export function withRule<T, G, R extends boolean>(
  field: Field<T, G, R, Words>,
  check: (value: T, name: string, given: unknown) => void,
): Field<T, G, R, Words> {
  return {
    ...field,
    read(given, name) {
      const value = field.read(given, name)
      check(value, name, given)
      return value
    },
  }
}

/** A boolean, or `0` or `1`; false when it is missing. */
export function optionalYes(about: Words): Field<boolean, boolean | '0' | '1', false, Words> {
  const choices = ['0', '1', 'false', 'true']
  return {
    about,
    schema: Type.Boolean({ about, default: false }),
    required: false,
    read(value, name) {
      const at = choices.indexOf(String(value))
      if (at < 0) throw wrongInput(name, '应为 true 或 false', 'should be true or false')
      return at % 2 === 1
    },
    missing: () => false,
  }
}

/** A time with its zone. */
export function optionalInstant(about: Words): Field<Date | undefined, string, false, Words> {
  return withRule(optionalTime(about), (_value, name, given) => {
    if (!isInstant(String(given)))
      throw wrongInput(name, '应为带时区的 ISO 8601 时间', 'should be an ISO 8601 time with its zone')
  })
}

const instant = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

/** Without a zone nobody knows when it is, and a day that is not in the calendar would become another one. */
function isInstant(given: string): boolean {
  const [, year, month, day] = instant.exec(given) ?? []
  return (
    day !== undefined &&
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  )
}

const earliestMs = Date.UTC(2000, 0)
const latestMs = Date.UTC(2200, 0) - 1

/**
 * A time in milliseconds since 1970, of this century or the next. Seconds and microseconds would be a time long ago or far away, which
 * makes whatever is compared with it always older or always newer.
 */
export function optionalMilliseconds(about: Words): Field<number | undefined, number, false, Words> {
  const number = optionalInteger(about, { min: 0, max: Number.MAX_SAFE_INTEGER })
  const schema = Type.Integer({ about, minimum: earliestMs, maximum: latestMs })
  const field: Field<number | undefined, number, false, Words> = { ...number, schema }
  return withRule(field, (value, name) => {
    if (value === undefined || (value >= earliestMs && value <= latestMs)) return
    const isSeconds = value * 1000 >= earliestMs && value * 1000 <= latestMs
    throw isSeconds
      ? wrongInput(
          name,
          '应为毫秒时间戳（13 位），收到的是秒，请乘以 1000',
          'should be milliseconds since 1970 (13 digits); these are seconds, multiply them by 1000',
        )
      : wrongInput(
          name,
          '应为毫秒时间戳（13 位，2000 年至 2199 年）',
          'should be milliseconds since 1970 (13 digits, of the years 2000 to 2199)',
        )
  })
}

export function milliseconds(about: Words): Field<number, number, true, Words> {
  return { ...(optionalMilliseconds(about) as Field<number, number, boolean, Words>), required: true }
}
