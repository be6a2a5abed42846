import { homeOf } from './home.ts'

/** Where corps are at home, as this node sees it. A home comes first, for a corp's work and its address book; any node serves any corp. */
export type Homes = {
  /** Of this node. */
  readonly name: string
  /** Of the nodes that are at work, sorted; none in a command, and before a node knows any. */
  names(): readonly string[]
  of(corpId: string): string | undefined
  /** True as well where nothing is known of any home. */
  isHere(corpId: string): boolean
}

/** `meet` is told who is at work whenever that is read. */
export function createHomes(name: string): Homes & { meet(names: readonly string[]): void } {
  let names: readonly string[] = []
  const known = new Map<string, string | undefined>()
  const of = (corpId: string) => known.getOrInsertComputed(corpId, () => homeOf(corpId, names))
  return {
    name,
    names: () => names,
    of,
    isHere: corpId => names.length === 0 || of(corpId) === name,
    meet(given) {
      const now = [...new Set(given)].sort()
      if (now.join(' ') === names.join(' ')) return
      names = now
      known.clear()
    },
  }
}
