import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { OfficialUnavailable } from './errors.ts'

const validators = new WeakMap<TSchema, Validator>()

/**
 * Checks an answer and returns it with the type of its shape; nothing is copied or dropped.
 * @throws OfficialUnavailable with reason `json`, naming the first field that is missing or wrong
 */
export function checked<S extends TSchema>(shape: S, path: string, answer: unknown): Static<S> {
  let validator = validators.get(shape)
  if (!validator) {
    validator = Compile(shape)
    validators.set(shape, validator)
  }
  if (validator.Check(answer)) return answer as Static<S>
  const [first] = validator.Errors(answer)
  const where = (first?.instancePath ?? '').slice(1).replaceAll('/', '.')
  throw new OfficialUnavailable(
    path,
    'json',
    `${path}: unexpected answer: ${where} ${first?.message ?? 'is wrong'}`.replaceAll('  ', ' '),
    true,
  )
}
