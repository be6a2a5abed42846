import { isListed } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import type { NewEvent as Push } from '../../../platform/inbox/event-store.ts'
import type { AcceptResult, Inbox } from '../../../platform/inbox/inbox.ts'
import type { CardPress } from '../../../platform/manifest/card-press.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type PressDecision, takePress } from '../../cards/presses/take-press.ts'
import { messageOfTask } from '../../channels/wecom/cards/content.ts'
import * as todos from '../store.ts'
import { tellOfTodos } from '../tell-of-todos.ts'
import { cardOfMessage, putShown } from './card-store.ts'
import { cardKeys, endedCard, openCard } from './draw.ts'
import { aroundOf, type CardNeeds, truthFor } from './settle-card.ts'

type Needs = CardNeeds & { inbox: Inbox }

/**
 * What a press on the card of a to-do does: it finishes what its person may finish, and in any case the card says then what is true.
 * Undefined for any other card.
 */
export async function takeCardPress(
  ctx: Needs,
  press: CardPress,
  push: Push,
): Promise<AcceptResult | undefined> {
  const messageId = messageOfTask(press.taskId)
  const sent = messageId === undefined ? undefined : await cardOfMessage(ctx.db, press.corpId, messageId)
  if (messageId === undefined || !sent) return undefined
  const { corpId } = press
  await ctx.mirrors.load(corpId)
  return takePress(ctx, press, push, async (tx, memberId): Promise<PressDecision> => {
    const [todo] = await todos.lockById(tx, corpId, [sent.todoId])
    if (!todo) return { accepted: false, change: undefined }
    const around = aroundOf(ctx, corpId, todo)
    const member = ctx.mirrors.of(corpId).members.byId(sent.toId)
    const isOwn = memberId === sent.toId && todo.holderId === sent.toId && member !== undefined
    const mayFinish = isOwn && isListed(member) && mayAct(member) && todo.finishBy === 'person'
    if (press.key === cardKeys.finish && mayFinish && todo.state === 'open') {
      await finish(ctx, tx, todo.id, corpId, todo.appId)
      await putShown(tx, corpId, messageId, 'done')
      return { accepted: true, change: { card: endedCard(todo, 'done', around) } }
    }
    const truth = truthFor(todo, sent.toId)
    if (truth === 'open') return { accepted: false, change: { card: openCard(todo, around) } }
    await putShown(tx, corpId, messageId, truth)
    return { accepted: false, change: { card: endedCard(todo, truth, around) } }
  })
}

async function finish(ctx: Needs, tx: Db, id: number, corpId: string, appId: string): Promise<void> {
  const at = new Date(ctx.now())
  await todos.endTodos(tx, corpId, [id], 'done', at)
  await tellOfTodos(tx, ctx, corpId, [{ id, appId, from: 'open', to: 'done' }], at)
}
