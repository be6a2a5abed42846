import { operatorId } from '../../../callers/developers/operator.ts'
import type { NewEvent as Push } from '../../../platform/inbox/event-store.ts'
import type { AcceptResult, Inbox } from '../../../platform/inbox/inbox.ts'
import type { CardPress } from '../../../platform/manifest/card-press.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { takePress } from '../../cards/presses/take-press.ts'
import { messageOfTask } from '../../channels/wecom/cards/content.ts'
import { findMessage } from '../../messages/parts/store.ts'
import { type CardNeeds, cardKeys, cardOfRequest } from './ask.ts'
import { decideCard } from './card-store.ts'

const shown = { allowed: '已允许', refused: '已拒绝' } as const

/** What a press on the card of a sign-in by LDAP does. Undefined for any other card. */
export async function takeLdapPress(
  ctx: CardNeeds & { inbox: Inbox },
  press: CardPress,
  push: Push,
): Promise<AcceptResult | undefined> {
  const { corpId } = press
  const messageId = messageOfTask(press.taskId)
  const message = messageId === undefined ? undefined : await findMessage(ctx.db, { corpId, id: messageId })
  // Developers choose their requestIds: theirs are no cards of wisp.
  const id = message?.devId === operatorId ? cardOfRequest(message.requestId) : undefined
  if (id === undefined) return undefined
  return takePress(ctx, press, push, async (tx, memberId) => {
    const state = press.key === cardKeys.allow ? 'allowed' : 'refused'
    const accepted =
      memberId !== undefined && (await decideCard(tx, { corpId, id, memberId }, state, new Date(ctx.now())))
    if (accepted) await signal(tx, 'wisp_ldap', id)
    return { accepted, change: { replaceName: accepted ? shown[state] : '已过期' } }
  })
}
