import type { Input } from './input.ts'

/** Invalid input to the control API. The message is a sentence for the author of the script. */
export class ControlError extends Error {}

/** Reads the JSON object of a control request; an empty body counts as an empty object. */
export function controlBody(body: unknown): Input {
  if (body === undefined || body === null || body === '') return {}
  let value: unknown
  try {
    value = JSON.parse(String(body))
  } catch {
    throw new ControlError('the body must be JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlError('the body must be a JSON object')
  return value as Input
}

/** Refuses unknown parameters, because a misspelt one would otherwise be ignored without notice. */
export function onlyKeys(input: Input, ...keys: string[]): void {
  for (const key of Object.keys(input)) {
    if (!keys.includes(key)) throw new ControlError(`${key} is unknown; known are ${keys.join(', ')}`)
  }
}

export function optional<T>(
  input: Input,
  key: string,
  read: (value: unknown, key: string) => T,
): T | undefined {
  return input[key] === undefined ? undefined : read(input[key], key)
}

export const whole =
  (min: number, max: number) =>
  (value: unknown, key: string): number => {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max)
      throw new ControlError(`${key} must be a whole number from ${min} to ${max}`)
    return number
  }

export const nullable =
  <T>(read: (value: unknown, key: string) => T) =>
  (value: unknown, key: string): T | null =>
    value === null ? null : read(value, key)

export const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: unknown, key: string): T => {
    if (!values.includes(value as T)) throw new ControlError(`${key} must be one of ${values.join(', ')}`)
    return value as T
  }

export function string(value: unknown, key: string): string {
  if (typeof value !== 'string') throw new ControlError(`${key} must be a string`)
  return value
}

export function boolean(value: unknown, key: string): boolean {
  if (typeof value !== 'boolean') throw new ControlError(`${key} must be true or false`)
  return value
}

export const list =
  <T>(read: (value: unknown, key: string) => T) =>
  (value: unknown, key: string): T[] => {
    if (!Array.isArray(value)) throw new ControlError(`${key} must be a list`)
    return value.map(item => read(item, `every item of ${key}`))
  }
