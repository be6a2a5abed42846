import { type Errcode, WecomError } from '../rules/errcodes.ts'

/** The parameters of one call: the query of a GET or the JSON object of a POST. */
export type Input = Record<string, unknown>

/** An integer, which may be given as a numeric string; undefined when missing or empty. */
export function integer(input: Input, key: string, otherwise: Errcode = 40058): number | undefined {
  const value = input[key]
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new WecomError(otherwise, key)
  return number
}

/** A string; undefined when missing. */
export function text(input: Input, key: string, otherwise: Errcode = 40058): string | undefined {
  const value = input[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new WecomError(otherwise, key)
  return value
}

/** A string of `min` to `max` characters; undefined when missing. */
export function textOf(
  input: Input,
  key: string,
  max: number,
  otherwise: Errcode = 40058,
): string | undefined {
  const value = text(input, key, otherwise)
  if (value !== undefined && [...value].length > max) throw new WecomError(otherwise, key)
  return value
}

/** A list of integers. As in WeCom, a single integer counts as a list of one. */
export function integers(input: Input, key: string, otherwise: Errcode = 40058): number[] | undefined {
  const value = input[key]
  if (value === undefined || value === null) return undefined
  const list = Array.isArray(value) ? value : [value]
  return list.map(item => {
    const number = integer({ item }, 'item', otherwise)
    if (number === undefined) throw new WecomError(otherwise, key)
    return number
  })
}

export function strings(input: Input, key: string, otherwise: Errcode = 40058): string[] | undefined {
  const value = input[key]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || value.some(item => typeof item !== 'string'))
    throw new WecomError(otherwise, key)
  return value as string[]
}
