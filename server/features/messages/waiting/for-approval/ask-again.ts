import type { Audience } from '../../../../organisation/directory/read/audience.ts'
import { checkAlerts } from '../../../../platform/queue/check-alerts.ts'
import { enqueue } from '../../../../platform/queue/queue-store.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import type { MessageRow } from '../../../channels/part.ts'
import { useList } from '../../../message-lists/lists.ts'
import { personsIn } from '../../accept/notify.ts'
import { type ApprovalRow, approvalOf, putApproval } from '../../plans/approval-store.ts'
import { holdForApproval } from '../../plans/held-store.ts'
import { addChildren } from '../../plans/plan-store.ts'
import { decideBy } from '../held-calls.ts'
import type { OpenCall, WaitingNeeds } from '../open-call.ts'
import { type Approval, isEverybody, neededApproval } from './needs-approval.ts'

/** A call that is due, and has not the approval that it needs. */
export type NeededWhenDue = { approval: Approval; persons: number }

/**
 * Looks again at a call that is due: its receivers are read now and may have become more than were accepted or approved, or its type was on
 * trial when it was accepted. What the corp has set since does not count for others.
 */
export async function neededWhenDue(
  ctx: WaitingNeeds,
  { message, view, type, input, textsFor }: OpenCall,
  audience: Audience,
): Promise<NeededWhenDue | undefined> {
  const settings = ctx.sendApproval.of(message.corpId)
  if (type?.state === 'trial' || (!type && !settings.untyped)) return undefined
  const persons = await personsIn(view, audience)
  const wasTrial = input.call === 'notify' && input.isTrial === true
  if (!wasTrial && persons <= message.receivers) return undefined
  if (isCovered(await approvalOf(ctx.db, message), persons, message)) return undefined
  const { receivers } = input.call === 'notify' ? input.notice : input.submission
  const approval = neededApproval(ctx, view, {
    level: type?.definition.level,
    persons,
    isToAll: isEverybody(view, receivers, persons),
    texts: await textsFor(audience),
  })
  return approval && { approval, persons }
}

/** What was approved may go to a tenth more people, as some join while it waits; to everybody, to all there are. */
const grownBy = 1.1

function isCovered(row: ApprovalRow | undefined, persons: number, { receivers }: MessageRow): boolean {
  if (!row || row.state === 'asked' || row.state === 'refused') return false
  if (row.state === 'review' || row.state === 'reviewed' || row.cause.code === 'toEverybody') return true
  return persons <= Math.floor(receivers * grownBy)
}

/**
 * Has it wait for approval, with the receivers of now. Lock the plan. Returns whether it waits: what is urgent goes on, and whoever lets it leave
 * has causes of alerts looked for.
 */
export async function askAgain(
  tx: Db,
  ctx: WaitingNeeds,
  { message, input }: OpenCall,
  { approval, persons }: NeededWhenDue,
): Promise<boolean> {
  const { corpId, id } = message
  const at = new Date(ctx.now())
  const { isAfter, cause, askedBy, sms, senders } = approval
  await putApproval(
    tx,
    { corpId, id },
    { state: isAfter ? 'review' : 'asked', cause, askedBy, askedAt: at, sms, senders },
  )
  if (isAfter) return false
  const dueAt = decideBy(at)
  await addChildren(tx, message, [], persons)
  await holdForApproval(tx, { corpId, messageId: id }, dueAt)
  const listId = input.call === 'notify' ? input.notice.toList : undefined
  if (listId !== undefined) await useList(tx, { corpId, listId, at: dueAt.getTime() })
  await checkAlerts(ctx, tx, corpId)
  await enqueue(tx, [{ corpId, stream: 'message-plans' }], dueAt)
  return true
}
