/**
 * A corp's home node comes first, and no work waits for it. `mayTake` of queue/queue-store.ts is the only place that leaves a
 * task to the home for its first second. Beyond the configured bytes, address books of corps with another home are evicted
 * first. Answers to a valid devToken carry `x-wisp-node` and `x-wisp-dev` (http/answers/home.ts), from which HAProxy learns
 * (deploy/haproxy.cfg). A wrong guess costs one load of an address book.
 */

import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'

/**
 * On which of these nodes a corp is at home, by rendezvous hashing: the one whose hash with the corp is highest. When a node comes
 * or goes, only those corps move that are at home there. Undefined without nodes.
 */
export function homeOf(corpId: string, names: readonly string[]): string | undefined {
  let home: string | undefined
  let highest: Buffer | undefined
  for (const name of names) {
    const hash = createHash('sha256').update(`${name} ${corpId}`).digest()
    if (highest && Buffer.compare(hash, highest) <= 0) continue
    highest = hash
    home = name
  }
  return home
}

/** The same as a condition of SQL: whether the corp of this column is at home on the node `name`. */
export function isAtHomeOn(
  name: string,
  names: readonly string[],
  corpId: RawBuilder<string>,
): RawBuilder<boolean> {
  return sql<boolean>`${name}::text = (
    select node from unnest(${[...names]}::text[]) as node
    order by sha256(convert_to(node || ' ' || ${corpId}, 'UTF8')) desc limit 1)`
}
