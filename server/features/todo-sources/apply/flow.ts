import { createHash } from 'node:crypto'

/** What every push about a to-do names, short enough for an index. */
export function flowOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
