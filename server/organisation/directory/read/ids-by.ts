import type { Core } from '../../../platform/core.ts'
import { userKey } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import { idsByAnyMail, idsByAttribute, idsByMobile } from '../profile-store.ts'
import { aliasesOf } from '../store.ts'
import { wholeMobile } from './find-member.ts'
import { numberNames } from './profile.ts'

/** What a member can be called by. */
export type IdKind = 'userid' | 'employeeNo' | 'mobile' | 'email'

/** The ids of all members who are meant by each value, by the values as they were given. */
type FindIds = (
  ctx: Core,
  mirror: Mirror,
  values: readonly string[],
) => Promise<Map<string, readonly number[]>>

/** A former userid stands for its person, as in calls. Nobody's data scope is asked. */
export const idsBy: Record<IdKind, FindIds> = {
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
