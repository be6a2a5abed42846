/** A module as the bundler sees it. `bytes` need only be right beside those of others. Whoever uses it uses its imports too. */
export type Piece = {
  id: string
  /** Only pieces of one kind may be in one file. */
  kind: string
  bytes: number
  users: ReadonlySet<string>
  imports: readonly string[]
}

export type Wishes = {
  /** In how many files, at most, this user gets what it shares with others. */
  files(user: string): number
  /** What it costs when this user loads a byte that it does not need. */
  weight(user: string): number
}

/** How much more a byte costs whoever needs more of them already: with 2, four times as much for twice as many. */
const heavier = 2

/** `users` are bits. */
type Group = { kind: string; bytes: number; users: bigint; ids: readonly string[]; needs: ReadonlySet<Group> }

/**
 * Which pieces are in one file, of those that several need. At first a file has what exactly the same users need, which makes hundreds of
 * files. Then two become one again and again: of the user with the most files, those by which users load the fewest bytes that they do
 * not need, until everybody has few enough. A file is loaded with all that it imports, so its users are always users of that too; files
 * therefore import each other in no circle, and their modules run in the order that they are written for.
 * See docs/decisions/files-of-console-pages.md.
 */
export function chunkGroups(pieces: readonly Piece[], wishes: Wishes): string[][] {
  const users = [...new Set(pieces.flatMap(piece => [...piece.users]))].sort()
  const bits = users.map((_, n) => 1n << BigInt(n))
  const weights = users.map(user => {
    const own = pieces.reduce((sum, piece) => (piece.users.has(user) ? sum + piece.bytes : sum), 0)
    return wishes.weight(user) * own ** heavier
  })
  const costs = new Map<bigint, number>()
  const cost = (among: bigint) => {
    const known =
      costs.get(among) ??
      weights.reduce((sum, weight, n) => (among & (bits[n] ?? 0n) ? sum + weight : sum), 0)
    costs.set(among, known)
    return known
  }
  let groups = firstGroups(pieces, users)
  for (;;) {
    const shared = groups.filter(group => group.users & (group.users - 1n))
    const owns = bits.map(bit => shared.filter(group => group.users & bit))
    const over = owns.map((own, n) => own.length - wishes.files(users[n] ?? ''))
    const most = Math.max(0, ...over)
    const pair = most > 0 ? cheapestPair(owns[over.indexOf(most)] ?? [], cost) : undefined
    if (!pair) return shared.map(group => [...group.ids])
    groups = withOne(groups, pair)
  }
}

function firstGroups(pieces: readonly Piece[], users: readonly string[]): Group[] {
  const bits = new Map(users.map((user, n) => [user, 1n << BigInt(n)]))
  const alone = new Map(
    pieces.map(({ id, kind, bytes, users: own }) => {
      const all = [...own].reduce((sum, user) => sum | (bits.get(user) ?? 0n), 0n)
      return [id, { kind, bytes, users: all, ids: [id], needs: new Set<Group>() }] as const
    }),
  )
  for (const { id, imports } of pieces)
    for (const needed of imports) {
      const group = alone.get(needed)
      if (group) alone.get(id)?.needs.add(group)
    }
  return sameUsersJoined([...alone.values()])
}

/** Makes one of all that have the same users. */
function sameUsersJoined(groups: readonly Group[]): Group[] {
  const joined = new Map<Group, Group & { needs: Set<Group> }>()
  for (const same of Map.groupBy(groups, ({ kind, users }) => `${kind} ${users}`).values()) {
    const [{ kind, users } = { kind: '', users: 0n }] = same
    const bytes = same.reduce((sum, one) => sum + one.bytes, 0)
    const one = { kind, users, bytes, ids: same.flatMap(({ ids }) => ids), needs: new Set<Group>() }
    for (const group of same) joined.set(group, one)
  }
  for (const [group, one] of joined)
    for (const needed of group.needs) {
      const other = joined.get(needed)
      if (other && other !== one) one.needs.add(other)
    }
  return [...new Set(joined.values())]
}

/** The groups, and all that they need. */
function loadedWith(...groups: readonly Group[]): Set<Group> {
  const found = new Set(groups)
  // A set gives what is added while it is gone through.
  for (const group of found) for (const needed of group.needs) found.add(needed)
  return found
}

function cheapestPair(groups: readonly Group[], cost: (users: bigint) => number): [Group, Group] | undefined {
  const loads = new Map(groups.map(group => [group, loadedWith(group)]))
  let least = Number.POSITIVE_INFINITY
  let found: [Group, Group] | undefined
  for (const [n, one] of groups.entries())
    for (const other of groups.slice(n + 1)) {
      if (one.kind !== other.kind) continue
      const users = one.users | other.users
      let wasted = 0
      for (const group of [one, other])
        for (const loaded of loads.get(group) ?? []) wasted += loaded.bytes * cost(users & ~loaded.users)
      const price = wasted / cost(one.users & other.users)
      if (price >= least) continue
      least = price
      found = [one, other]
    }
  return found
}

function withOne(groups: readonly Group[], [one, other]: readonly [Group, Group]): Group[] {
  const users = one.users | other.users
  // Both have the same users from here on, and so are one of those that are joined.
  for (const loaded of loadedWith(one, other)) loaded.users |= users
  return sameUsersJoined(groups)
}
