import JSON5 from 'json5'
import { parseForeignJson, storable } from '../../../platform/storage/foreign-text.ts'
import { NotUnderstood } from '../unrecognised/reason.ts'

/**
 * JSON, or what some senders take for it: with single quotes, as 金蝶 EAS and Maximo write (docs/upstream/oa-todos.md#what-senders-do).
 * Throws for anything else.
 */
export function readLooseJson(text: string): unknown {
  const body = text.replace(/^\uFEFF/, '').trim()
  if (body === '') throw new NotUnderstood('badBody', '')
  try {
    return parseForeignJson(body, asWritten)
  } catch {
    try {
      return JSON5.parse(body, (_key, value) => (typeof value === 'string' ? storable(value) : value))
    } catch {
      throw new NotUnderstood('badBody', 'JSON')
    }
  }
}

/** A number of twenty digits is an id, and would lose its last ones. */
function asWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return context?.source ?? value
}

/** A field whose text is JSON again, as 蓝凌 has them; an object that was not made a text is one too. */
export function jsonIn(value: unknown): unknown {
  return typeof value === 'string' ? readLooseJson(value) : value
}
