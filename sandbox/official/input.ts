import type { Input } from './call.ts'
import { type OfficialErrcode, OfficialError } from './error.ts'

/** A text; undefined when missing. A number counts as its digits. */
export function text(input: Input, key: string, otherwise: OfficialErrcode = 47001): string | undefined {
  const value = input[key]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') throw new OfficialError(otherwise, key)
  return value
}

/** An integer, also as a text of digits; undefined when missing or empty. */
export function integer(input: Input, key: string, otherwise: OfficialErrcode = 47001): number | undefined {
  const value = input[key]
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new OfficialError(otherwise, key)
  return number
}

/** A list of texts; undefined when missing. */
export function texts(input: Input, key: string, otherwise: OfficialErrcode = 47001): string[] | undefined {
  const value = input[key]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || value.some(item => typeof item !== 'string'))
    throw new OfficialError(otherwise, key)
  return value as string[]
}

/** An object; throws when it is missing or anything else. */
export function object(input: Input, key: string, otherwise: OfficialErrcode = 47001): Input {
  const value = input[key]
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OfficialError(otherwise, key)
  return value as Input
}

/** A list of objects; throws when it is missing or anything else. */
export function objects(input: Input, key: string, otherwise: OfficialErrcode = 47001): Input[] {
  const value = input[key]
  const isObject = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
  if (!Array.isArray(value) || !value.every(isObject)) throw new OfficialError(otherwise, key)
  return value as Input[]
}
