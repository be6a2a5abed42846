import type { Static, TSchema } from 'typebox'
import { checked as checkedAnswer } from '../transport/answer-shape.ts'
import { OfficialUnavailable } from './errors.ts'

/**
 * Checks an answer and returns it with the type of its shape; nothing is copied or dropped.
 * @throws OfficialUnavailable with reason `json`, naming the first field that is missing or wrong
 */
export function checked<S extends TSchema>(shape: S, path: string, answer: unknown): Static<S> {
  return checkedAnswer(
    shape,
    answer,
    detail => new OfficialUnavailable(path, 'json', detail, { ambiguous: true }),
  )
}
