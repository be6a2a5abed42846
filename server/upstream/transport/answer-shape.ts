import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

const validators = new WeakMap<TSchema, Validator>()

/**
 * Checks a vendor's answer and returns it with the type of its shape; nothing is copied or dropped.
 * @throws what `failure` makes of the first field that is missing or wrong
 */
export function checked<S extends TSchema>(
  shape: S,
  answer: unknown,
  failure: (detail: string) => Error,
): Static<S> {
  const validator = validators.getOrInsertComputed(shape, () => Compile(shape) as Validator)
  if (validator.Check(answer)) return answer as Static<S>
  const [first] = validator.Errors(answer)
  const where = (first?.instancePath ?? '').slice(1).replaceAll('/', '.')
  const missing = (first?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0]
  const field = [where, missing].filter(Boolean).join('.')
  const fault = missing === undefined ? (first?.message ?? 'is wrong') : 'is missing'
  throw failure(['unexpected answer:', field, fault].filter(Boolean).join(' '))
}
