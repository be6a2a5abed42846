import type { Core } from '../../core.ts'
import { type Corps, publicUrlOf } from '../../corps/corps.ts'
import { isListed } from '../../directory/mirror/members.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { ApiError } from '../../http/errors.ts'
import { findByRequest } from '../../messages/accept/accept-store.ts'
import { operator, operatorId } from '../../messages/accept/operator.ts'
import { submissionOf } from '../../messages/accept/submission.ts'
import { submit } from '../../messages/accept/submit.ts'
import type { Setups } from '../../messages/channels/channel.ts'
import { type ChannelName, channelList } from '../../messages/channels/channels.ts'
import type { Dispatcher } from '../../messages/deliver/dispatcher.ts'
import type { Messages } from '../../messages/fate/status.ts'
import { isReady } from '../../messages/settings/settings.ts'
import { chinaTime } from '../../operation/day.ts'
import { mayAct } from '../../people/people.ts'
import type { Queue } from '../../queue/queue.ts'
import { yuan } from '../money.ts'
import { type DueNotice, dueNotices, nextNotice, noteNotice } from './notice-store.ts'
import { noteBillEvents } from './state-store.ts'

type Needs = Core & {
  corps: Corps
  dispatcher: Dispatcher
  messageSettings: Setups
  messages: Messages
  mirrors: Mirrors
  queue: Queue
}

const corpsAtOnce = 4
/** Read at once, and told at once. */
const noticesAtOnce = 10
const remindedBeforeMs = 86_400_000

/**
 * Tells payers of bills, and reminds them a day before one is due. The requestId of a message is made of its bill, so that a
 * node which died after sending is not repeated.
 */
export function handleBillNotices(ctx: Needs): void {
  ctx.queue.handle({
    name: 'pay-notices',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      for (;;) {
        const due = await dueNotices(ctx.db, corpId, new Date(ctx.now()), noticesAtOnce)
        if (due.length === 0 || signal.aborted) break
        await ctx.mirrors.during(corpId, () => Promise.all(due.map(notice => give(ctx, corpId, notice))))
      }
      return nextNotice(ctx.db, corpId)
    },
  })
}

/** What the timeline says: by which channel and message the payer was reached, or else why not. */
type Told = { channel: string; msgId: string; why: '' | 'noChannel' | 'noPayer' | 'notReached'; text: string }

async function give(ctx: Needs, corpId: string, notice: DueNotice): Promise<void> {
  const isReminder = notice.toldAt !== null
  const detail = await tell(ctx, corpId, notice, isReminder)
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    const next = isReminder ? null : reminderOf(notice, at)
    if (!(await noteNotice(tx, corpId, notice, { at, next }))) return
    const kind = isReminder ? 'reminded' : 'told'
    await noteBillEvents(tx, corpId, [{ billId: notice.id, kind, detail }], at)
  })
}

/** Null when the bill is due so soon that the first message is the reminder. */
function reminderOf({ dueAt }: DueNotice, now: Date): Date | null {
  const at = dueAt && new Date(dueAt.getTime() - remindedBeforeMs)
  return at && at > now ? at : null
}
