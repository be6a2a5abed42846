import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { isListed, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirror } from '../../../organisation/directory/mirror/mirror.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { idsByAnyMail, idsByAttribute, idsByMobile } from '../../../organisation/directory/profile-store.ts'
import { wholeMobile } from '../../../organisation/directory/read/find-member.ts'
import { numberNames } from '../../../organisation/directory/read/profile.ts'
import { aliasesOf } from '../../../organisation/directory/store.ts'
import type { Core } from '../../../platform/core.ts'
import type { Source, SourceMatch } from '../source.ts'
import { boundPersons } from '../source-store.ts'

type Needs = Core & { mirrors: Mirrors }

/** Whom a sender's value means; `doubled`: it could be either of two people, and is taken for neither. */
export type Person = MemberCore | 'unknown' | 'doubled'

/** By the values as they were given. What the sender has bound before goes first. */
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
  const found = await finders[match](ctx, mirror, [...new Set(wanted)])
  return new Map(given.map((one, index) => [one, personAmong(mirror, found.get(wanted[index]!) ?? [])]))
}

function personAmong({ members }: Mirror, ids: readonly number[]): Person {
  const cores = [...new Set(ids)].flatMap(id => members.byId(id) ?? []).filter(isListed)
  if (cores.length > 1) return 'doubled'
  return cores[0] ?? 'unknown'
}

type PersonIds = Map<string, readonly number[]>
type Finder = (ctx: Core, mirror: Mirror, values: readonly string[]) => Promise<PersonIds>

const finders: Record<SourceMatch, Finder> = {
  userid: async (ctx, { members, corpId }, values) => {
    const strange = values.map(userKey).filter(key => !members.byKey(key))
    const former = await aliasesOf(ctx.db, corpId, strange, new Date(ctx.now()))
    const renamed = new Map(former.map(one => [one.userKey, one.memberId]))
    return new Map(
      values.map(value => {
        const id = members.byKey(userKey(value))?.id ?? renamed.get(userKey(value))
        return [value, id === undefined ? [] : [id]]
      }),
    )
  },
  employeeNo: (ctx, { corpId }, values) => idsByAttribute(ctx.db, corpId, numberNames, values),
  mobile: async (ctx, { corpId }, values) => {
    const numbers = new Map(values.map(value => [value, wholeMobile(value)]))
    const found = await idsByMobile(
      ctx.db,
      corpId,
      [...numbers.values()].filter(one => one !== undefined),
    )
    return new Map(values.map(value => [value, found.get(numbers.get(value) ?? '') ?? []]))
  },
  email: async (ctx, { corpId }, values) => {
    const found = await idsByAnyMail(ctx.db, corpId, values)
    return new Map(values.map(value => [value, found.get(value.toLowerCase()) ?? []]))
  },
}
