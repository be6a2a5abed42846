/**
 * Texts of other programs may contain what PostgreSQL cannot store: NUL, and halves of surrogate pairs, which a truncated name
 * may end with. JSON writes both as escapes. They are taken out here, where texts come in, so that no push and no answer fails
 * for them later.
 */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replaceAll('\0', '').toWellFormed()
}

/** Looked for first, because hardly any text has one, and answers are large. A raw NUL is no JSON. */
const unstorableEscape = /\\u(?:0000|d[89a-f])/i

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown

/** JSON.parse for what another program wrote: all texts and names in it are storable. */
export function parseForeignJson(text: string, revive?: Reviver): unknown {
  const value: unknown = revive ? JSON.parse(text, revive) : JSON.parse(text)
  return unstorableEscape.test(text) ? allStorable(value) : value
}

function allStorable(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(allStorable)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [storable(name), allStorable(one)]))
}
