import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { isListed } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { idsBy } from '../../../organisation/directory/read/ids-by.ts'
import type { Core } from '../../../platform/core.ts'
import type { Source } from '../source.ts'
import { boundPersons } from '../source-store.ts'

type Needs = Core & { mirrors: Mirrors }

/** Whom a sender's value means; `doubled`: it could be either of two people, and is taken for neither. */
export type Person = MemberCore | 'unknown' | 'doubled'

/** Returns persons by the values as they were given. Bindings of the sender are looked at first. */
export async function personsOf(
  ctx: Needs,
  { corpId, id, kind, match }: Source,
  values: readonly string[],
): Promise<Map<string, Person>> {
  const given = [...new Set(values)].filter(one => one !== '')
  if (given.length === 0) return new Map()
  const mirror = await ctx.mirrors.load(corpId)
  const bound = kind === 'seeyon' ? await boundPersons(ctx.db, corpId, id, given) : new Map<string, string>()
  const wanted = given.map(one => bound.get(one) ?? one)
  const found = await idsBy[match](ctx, mirror, [...new Set(wanted)])
  return new Map(given.map((one, index) => [one, personAmong(mirror, found.get(wanted[index]!) ?? [])]))
}

function personAmong({ members }: Mirror, ids: readonly number[]): Person {
  const cores = [...new Set(ids)].flatMap(id => members.byId(id) ?? []).filter(isListed)
  if (cores.length > 1) return 'doubled'
  return cores[0] ?? 'unknown'
}
