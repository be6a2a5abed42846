const textAtMost = 64
const listedAtMost = 10
const bytesAtMost = 1024

/** A Chinese mobile, which callers put where an id belongs. */
const mobiles = /(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g

/**
 * The inputs that the declaration lists as logged, as texts: lists joined by `|`, long ones shortened with how much there
 * was, mobiles masked. Ids are ASCII: of anything else, which may be a name, only the length is told.
 */
export function loggedParams(
  names: readonly string[],
  given: Record<string, unknown>,
): Record<string, string> {
  const params: Record<string, string> = {}
  let bytes = 0
  for (const name of names) {
    const value = given[name]
    if (value === undefined || value === null || value === '') continue
    const text = textOf(value)
    bytes += name.length + text.length
    if (bytes > bytesAtMost) break
    params[name] = text
  }
  return params
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    const some = value.slice(0, listedAtMost).map(plainText).join('|')
    return shortened(value.length > listedAtMost ? `${some}|… (${value.length})` : some)
  }
  return shortened(plainText(value))
}

function plainText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return plainText(String(value))
  if (typeof value !== 'string') return `(${typeof value})`
  if (!/^[\x20-\x7e]*$/.test(value)) return `(${value.length})`
  return value.slice(0, textAtMost * listedAtMost).replace(mobiles, '$1****$2')
}

function shortened(text: string): string {
  return text.length > textAtMost ? `${text.slice(0, textAtMost)}… (${text.length})` : text
}
