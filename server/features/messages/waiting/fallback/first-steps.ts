import type { Db } from '../../../../platform/storage/db.ts'
import type { MessageRow } from '../../../channels/part.ts'
import type { Draft } from '../../accept/outbox.ts'
import { putNextSteps, setFallsBack } from '../../plans/fallback-store.ts'
import type { Fate } from '../decisions.ts'
import type { WaitingNeeds } from '../open-call.ts'

type Departure = { message: MessageRow; drafts: readonly Draft[] }

/**
 * Stores the first step of persons who get a message of a type with a fallback now: due `after` later, or at once if no address
 * reaches them. Returns whether there are any.
 */
export async function putFirstSteps(
  tx: Db,
  ctx: WaitingNeeds,
  corpId: string,
  { fates, leaving }: { fates: readonly Fate[]; leaving: readonly Departure[] },
): Promise<boolean> {
  const lost = new Set(
    leaving.flatMap(({ message, drafts }) => lostIn(drafts).map(id => `${message.id} ${id}`)),
  )
  const rows = fates.flatMap(({ message, type, memberId, userId, decision }) => {
    const [first] = type?.definition.fallback ?? []
    if (!first || !type || decision.do !== 'send') return []
    const dueIn = lost.has(`${message.id} ${userId}`) ? 0 : first.after * 60_000
    return {
      ...{ messageId: message.id, memberId, userId, typeKey: type.key, about: message.about, step: 1 },
      dueAt: new Date(ctx.now() + dueIn),
    }
  })
  await putNextSteps(tx, corpId, rows)
  await setFallsBack(tx, corpId, [...new Set(rows.map(row => row.messageId))])
  return rows.length > 0
}

/** Whom no address reaches by the channel that was taken for them. */
export const lostIn = (drafts: readonly Draft[]): string[] =>
  drafts.flatMap(draft => draft.results.map(result => result.userId))
