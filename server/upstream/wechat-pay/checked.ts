import type { Static, TSchema } from 'typebox'
import { excessOfJson } from '../../platform/http/bodies/json-structure.ts'
import { parseForeignJson } from '../../platform/storage/foreign-text.ts'
import { checked as checkedAnswer } from '../transport/answer-shape.ts'
import { PayUnavailable } from './errors.ts'

/**
 * Checks an answer and returns it with the type of its shape; nothing is copied or dropped.
 * @throws PayUnavailable with reason `json`, naming the first field that is missing or wrong
 */
export function checked<S extends TSchema>(shape: S, call: string, answer: unknown): Static<S> {
  return checkedAnswer(shape, answer, detail => new PayUnavailable(call, 'json', detail))
}

/** @throws PayUnavailable with reason `json` for what is no date */
export function dateIn(call: string, text: string): Date {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new PayUnavailable(call, 'json', `${JSON.stringify(text)} is no date`)
  return new Date(ms)
}

/** Parses JSON. What is no JSON, or too much of it, becomes undefined, which no shape takes. */
export function json(bytes: Buffer): unknown {
  if (excessOfJson(bytes)) return undefined
  try {
    return parseForeignJson(bytes.toString())
  } catch {
    return undefined
  }
}
