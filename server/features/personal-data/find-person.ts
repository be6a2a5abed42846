import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { type KnownPerson, personById, personsByUserId } from './rows/person-store.ts'

/**
 * Whom a userid means: the member, else the only one who left with it. `id` chooses among several.
 * @throws ApiError 1007 for nobody, 1000 where several have left with it
 */
export async function findPerson(
  ctx: Core,
  corpId: string,
  { userId, id }: { userId: string; id?: number | undefined },
): Promise<KnownPerson> {
  const key = userKey(userId)
  const found = await personsByUserId(ctx.db, corpId, key)
  if (id !== undefined) {
    const person = found.find(one => one.memberId === id)
    if (!person)
      throw new ApiError('badParameter', {
        zh: told`编号 ${own(id)} 的人员没有用过账号 ${userId}`,
        en: told`the person with the number ${own(id)} never had the userid ${userId}`,
      })
    return person
  }
  const [first] = found
  if (!first) throw new ApiError('unknownMember', told`${userId}`)
  if (first.leftAt && found.length > 1) {
    const numbers = found.map(one => one.memberId).join('、')
    throw new ApiError('badParameter', {
      zh: told`有 ${own(found.length)} 个已离职的人用过账号 ${userId}，请加编号：${own(numbers)}`,
      en: told`${own(found.length)} people left with the userid ${userId}: give a number, one of ${own(numbers)}`,
    })
  }
  return first
}

/** The same by number alone. @throws ApiError 1000 */
export async function findById(ctx: Core, corpId: string, memberId: number): Promise<KnownPerson> {
  const person = await personById(ctx.db, corpId, memberId)
  if (person) return person
  throw new ApiError('badParameter', {
    zh: told`没有编号为 ${own(memberId)} 的人员，或已删除`,
    en: told`there is no person with the number ${own(memberId)}, or the person was erased`,
  })
}
