import type { Core } from '../../../platform/core.ts'
import { referToFile } from '../../../platform/files/files.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { ownWords, told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type CustomMessage, showTyping } from '../../../upstream/official/calls/custom.ts'
import { OfficialError } from '../../../upstream/official/errors.ts'
import { upstreamError } from '../../../upstream/upstream-error.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { storedFileOf } from '../media/media.ts'
import { checkMessage } from '../sends/check-message.ts'
import { sendReasonWords } from '../sends/reason.ts'
import { putSends } from '../sends/sends.ts'
import { sendIdOf, windowsAndWaiting } from '../sends/store.ts'
import { leftOf, windowRules } from '../sends/windows.ts'
import * as store from './conversation-store.ts'
import { conversationOf, type Needs, othersName } from './conversations.ts'
import { touchTalk } from './revision-store.ts'

export type RemainingMessages = { messages: number; until: Date | null; why: 'closed' | 'usedUp' | null }

/** How many messages may still be sent to a follower, those that wait already taken off, until when, or why none. */
export async function leftFor(
  ctx: Pick<Core, 'db' | 'now'>,
  account: Account,
  openid: string,
): Promise<RemainingMessages> {
  const now = ctx.now()
  const { windows, waiting } = await windowsAndWaiting(ctx.db, account, openid)
  const { messages, until } = leftOf(windows, now)
  const left = Math.max(0, messages - waiting)
  if (left > 0) return { messages: left, until, why: null }
  const isOpen = windows.some(one => one.openedAt.getTime() + windowRules[one.openedBy].ms > now)
  return { messages: 0, until: null, why: isOpen ? 'usedUp' : 'closed' }
}

/**
 * Answers a follower in the visitor's name. The same `requestId` sends nothing twice. Answering a conversation that nobody
 * has takes it; one that somebody else has must be taken over first. Throws 1000, 1001 and 1009.
 */
export async function say(
  ctx: Needs,
  visitor: Visitor,
  account: Account,
  given: { openid: string; requestId: string; message: CustomMessage },
): Promise<{ sendId: number }> {
  const { openid, requestId, message } = given
  checkAbility(account, 'customMessage')
  if (!account.enabled) throw new ApiError('forbidden', ownWords(sendReasonWords({ code: 'disabled' })))
  checkMessage(message)
  await conversationOf(ctx, account, openid)
  const originKey = `${openid} ${requestId}`
  return ctx.db.transaction().execute(async tx => {
    const { assignedMember } = await store.lockConversation(tx, account, openid, new Date(ctx.now()))
    // Looked up first, because an insert would wait at the index for the transaction that records the first one's end.
    const before = await sendIdOf(tx, account, 'conversation', originKey)
    if (before !== undefined) return { sendId: before }
    checkHas(ctx, visitor, account, assignedMember)
    await referToMedia(ctx, tx, account, message)
    const { why } = await leftFor({ ...ctx, db: tx }, account, openid)
    if (why) throw new ApiError('badParameter', ownWords(sendReasonWords({ code: why })))
    await store.setConversation(tx, account, openid, {
      closed_at: null,
      ...(visitor.member ? { assigned_member: visitor.member.id } : {}),
    })
    // Before the queue, in the order in which the code that records the end of messages locks them.
    await touchTalk(tx, account)
    const send = {
      openid,
      origin: 'conversation',
      originKey,
      content: message,
      actor: visitor.actor,
    } as const
    const [sent] = await putSends(tx, ctx, account, [send])
    return { sendId: sent?.id ?? 0 }
  })
}

/** Throws 1000 for a file that is not there or is not what it is sent as. */
async function referToMedia(ctx: Core, tx: Db, account: Account, message: CustomMessage): Promise<void> {
  if (message.type !== 'image' && message.type !== 'voice') return
  const hash = storedFileOf(message.mediaId)
  if (hash !== undefined) await referToFile(ctx, tx, account.corpId, message.type, hash)
}

function checkHas(ctx: Needs, visitor: Visitor, account: Account, assignedMember: number | null): void {
  const name = othersName(ctx, visitor, account, assignedMember)
  if (name === undefined) return
  throw new ApiError(
    'badParameter',
    {
      zh: told`会话正由 ${name} 处理，请先接手`,
      en: told`${name} has the conversation: take it over first`,
    },
    { status: 409 },
  )
}

/** Shows the follower that somebody is typing. That WeChat takes it too late or twice is no matter. */
export async function type(account: Account, openid: string): Promise<void> {
  checkAbility(account, 'customMessage')
  try {
    await showTyping(account.client, openid)
  } catch (error) {
    // 45080: the follower did nothing in the last 30 s. 45081: it is shown already
    // (docs/upstream/official-customer-service.md#typing).
    if (error instanceof OfficialError && [45015, 45080, 45081].includes(error.errcode)) return
    throw upstreamError(error)
  }
}
