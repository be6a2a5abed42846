import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { parseForeignJson } from '../foreign-text.ts'
import { PayUnavailable } from './errors.ts'

const validators = new WeakMap<TSchema, Validator>()

/**
 * Checks an answer and returns it with the type of its shape; nothing is copied or dropped.
 * @throws PayUnavailable with reason `json`, naming the first field that is missing or wrong
 */
export function checked<S extends TSchema>(shape: S, call: string, answer: unknown): Static<S> {
  const validator = validators.getOrInsertComputed(shape, () => Compile(shape) as Validator)
  if (validator.Check(answer)) return answer as Static<S>
  const [first] = validator.Errors(answer)
  const where = (first?.instancePath ?? '').slice(1).replaceAll('/', '.')
  throw new PayUnavailable(call, 'json', `unexpected answer: ${where} ${first?.message ?? 'is wrong'}`)
}

/** @throws PayUnavailable with reason `json` for what is no date */
export function dateIn(call: string, text: string): Date {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new PayUnavailable(call, 'json', `${JSON.stringify(text)} is no date`)
  return new Date(ms)
}

/** What is no JSON becomes undefined, which no shape takes. */
export function json(bytes: Buffer): unknown {
  try {
    return parseForeignJson(bytes.toString())
  } catch {
    return undefined
  }
}
