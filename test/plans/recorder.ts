import pg from 'pg'

/** A statement as it was made, with the values of some of the times that it was. */
export type RecordedStatement = { text: string; values: unknown[][] }

const valuesKept = 3

type Query = { text?: string; values?: unknown[] }

/** Records every statement of this process that names one of these tables, until `stop` returns them. */
export function recordStatements(tables: readonly string[]): { stop(): RecordedStatement[] } {
  const named = new RegExp(`\\b(${tables.join('|')})\\b`)
  const isRead = /^\s*(select|with|insert|update|delete)\b/i
  const seen = new Map<string, unknown[][]>()
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [first, second] = given as [string | Query, unknown]
    const text = typeof first === 'string' ? first : first.text
    if (text !== undefined && isRead.test(text) && named.test(text)) {
      const values = Array.isArray(second) ? second : (typeof first === 'object' && first.values) || []
      const known = seen.get(text)
      // The first ones are often about nothing, such as a list that is still empty.
      if (known) known.splice(0, Math.max(0, known.length - valuesKept + 1))
      seen.set(text, [...(known ?? []), values])
    }
    return (query as (...args: unknown[]) => unknown).apply(this, given)
  } as typeof query
  return {
    stop() {
      pg.Client.prototype.query = query
      return [...seen].map(([text, values]) => ({ text, values }))
    },
  }
}
