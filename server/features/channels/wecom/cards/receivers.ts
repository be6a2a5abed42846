import { isListed, userKey } from '../../../../organisation/directory/mirror/members.ts'
import type { View } from '../../../../organisation/directory/read/view.ts'
import type { CardPart } from './receiver-store.ts'

/** Somebody who got a card, by the present userid. `id` is one for a person, whatever they are called: of the member, or else the userid. */
export type Receiver = { id: string; userId: string; memberId: number | null }

export function personId(memberId: number | null | undefined, userId: string): string {
  return memberId === null || memberId === undefined ? `u${userKey(userId)}` : `m${memberId}`
}

export const isForAll = (part: Pick<CardPart, 'userIds'>) => part.userIds[0] === '@all'

/** The receivers of a call. What went to all went to whoever is listed: of those who left since, nobody knows. */
export function receiversOf(view: Pick<View, 'mirror'>, part: CardPart): Receiver[] {
  if (isForAll(part))
    return [...view.mirror.members.all()]
      .filter(isListed)
      .map(core => ({ id: personId(core.id, core.userId), userId: core.userId, memberId: core.id }))
  return part.userIds.map((given, index) => {
    const memberId = part.memberIds[index] ?? null
    const userId = (memberId === null ? undefined : view.mirror.members.byId(memberId)?.userId) ?? given
    return { id: personId(memberId, userId), userId, memberId }
  })
}

/** All receivers of these calls, each once. */
export function personsOf(view: Pick<View, 'mirror'>, parts: readonly CardPart[]): Map<string, Receiver> {
  const persons = new Map<string, Receiver>()
  for (const part of parts) for (const one of receiversOf(view, part)) persons.set(one.id, one)
  return persons
}
