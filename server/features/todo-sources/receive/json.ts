import JSON5 from 'json5'
import { excessWords } from '../../../platform/http/bodies/excess.ts'
import { excessOfJson, excessOfJson5 } from '../../../platform/http/bodies/json-structure.ts'
import { parseForeignJson, storable } from '../../../platform/storage/foreign-text.ts'
import { NotUnderstood } from '../reason.ts'

/** In characters. Its parser is written in JavaScript and takes some thirty times as long as that of JSON. */
const json5AtMost = 65_536

/**
 * JSON, or what some senders take for it: with single quotes, as 金蝶 EAS and Maximo write (docs/upstream/oa-todos.md#what-senders-do).
 * Throws for anything else, and for more than so many elements.
 */
export function readLooseJson(text: string, elements?: number): unknown {
  const body = text.replace(/^\uFEFF/, '').trim()
  if (body === '') throw new NotUnderstood('badBody', '')
  const excess = excessOfJson(Buffer.from(body), elements)
  if (excess) throw new NotUnderstood('badBody', `JSON ${excessWords(excess, elements)}`)
  try {
    return parseForeignJson(body, asWritten)
  } catch {
    return readJson5(body)
  }
}

function readJson5(body: string): unknown {
  if (body.length > json5AtMost) throw new NotUnderstood('badBody', `JSON5 > ${json5AtMost}`)
  const excess = excessOfJson5(body)
  if (excess) throw new NotUnderstood('badBody', `JSON5 ${excessWords(excess)}`)
  try {
    return JSON5.parse(body, (_key, value) => (typeof value === 'string' ? storable(value) : value))
  } catch {
    throw new NotUnderstood('badBody', 'JSON')
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
