import { operator, operatorId } from '../../../callers/developers/operator.ts'
import { publicUrlOf, zoneOf } from '../../../organisation/corps/corps.ts'
import { isListed } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { formatDate, formatMoney } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { type ChannelName, channelList } from '../../channels/channels.ts'
import { isReady } from '../../channels/settings/settings.ts'
import { submissionOf } from '../../messages/accept/submission.ts'
import { type SubmitNeeds, submit } from '../../messages/accept/submit.ts'
import { findByRequest } from '../../messages/parts/store.ts'
import type { Merchants } from '../merchants/merchants.ts'
import { collecting } from '../merchants/ready.ts'
import { type DueNotice, dueNotices, nextNotice, noteNotice } from './notice-store.ts'
import { noteBillEvents } from './state-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'pay-notices': true
  }
}

type Needs = SubmitNeeds & { merchants: Merchants }

const corpsAtOnce = 4
const noticesAtOnce = 10
const remindedBeforeMs = 86_400_000
/** Bills that nobody can pay are not told of: whether their merchant collects again is looked at so often. */
const lookAgainMs = 30_000

/**
 * Tells payers of bills, and reminds them a day before one is due. The requestId of a message is made of its bill, so that what
 * a node sent before it died is not sent again.
 */
export function handleBillNotices(ctx: Needs): void {
  ctx.queue.handle({
    name: 'pay-notices',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      for (;;) {
        const payable = collecting(ctx, corpId)
        const due = await dueNotices(ctx.db, corpId, new Date(ctx.now()), payable, noticesAtOnce)
        if (due.length === 0 || signal.aborted) break
        await ctx.mirrors.during(corpId, () => Promise.all(due.map(notice => give(ctx, corpId, notice))))
      }
      const next = await nextNotice(ctx.db, corpId)
      const now = ctx.now()
      return next && next.getTime() <= now ? new Date(now + lookAgainMs) : next
    },
  })
}

async function give(ctx: Needs, corpId: string, notice: DueNotice): Promise<void> {
  const isReminder = notice.toldAt !== null
  const outcome = await tell(ctx, corpId, notice, isReminder)
  const at = new Date(ctx.now())
  const next = isReminder ? null : reminderOf(notice, at)
  await ctx.db.transaction().execute(async tx => {
    const isTold = outcome.channel !== ''
    if (!(await noteNotice(tx, corpId, notice, { at, isTold, next }))) return
    const kind = isReminder ? 'reminded' : 'told'
    await noteBillEvents(tx, corpId, [{ billId: notice.id, kind, detail: outcome }], at)
  })
}

/** Null when the bill is due so soon that the first message is the reminder. */
function reminderOf({ dueAt }: DueNotice, now: Date): Date | null {
  const at = dueAt && new Date(dueAt.getTime() - remindedBeforeMs)
  return at && at > now ? at : null
}

/**
 * By which channel the payer was reached, as the timeline tells; `channel` is '' for nobody reached, and `why` says why.
 * `noPayer`: who left, or may not act.
 */
export type NoticeOutcome = {
  channel: string
  why: '' | 'noPayer' | 'noChannel' | 'notReached'
  said: string
}

async function tell(
  ctx: Needs,
  corpId: string,
  notice: DueNotice,
  isReminder: boolean,
): Promise<NoticeOutcome> {
  const nobody = (why: NoticeOutcome['why'], said = '') => ({ channel: '', why, said })
  const payer = notice.payerId === null ? undefined : ctx.mirrors.of(corpId).members.byId(notice.payerId)
  if (!payer || !isListed(payer) || !mayAct(payer)) return nobody('noPayer')
  // Channels with a call of their own need a template, which nobody has registered for this.
  const channels = channelList.flatMap(([channel, { hasOwnCall }]) =>
    !hasOwnCall && isReady(ctx, corpId, channel) ? [channel] : [],
  )
  let said = ''
  for (const channel of channels) {
    const refusal = await tellThrough(ctx, channel, corpId, notice, payer.userId, isReminder)
    if (refusal === undefined) return { channel, why: '', said: '' }
    said = refusal
  }
  return channels.length === 0 ? nobody('noChannel') : nobody('notReached', said)
}

/** Returns why the payer was not reached; undefined when they were. */
async function tellThrough(
  ctx: Needs,
  channel: ChannelName,
  corpId: string,
  notice: DueNotice,
  userId: string,
  isReminder: boolean,
): Promise<string | undefined> {
  const requestId = `bill-${notice.id}-${isReminder ? 'reminder' : 'new'}-${channel}`
  const earlier = await findByRequest(ctx.db, { corpId, devId: operatorId, requestId })
  if (earlier)
    return (await ctx.messages.outcome({ corpId, id: earlier.id })).status === 'failed' ? '' : undefined
  try {
    const given = {
      ...contentOf(ctx, corpId, notice, isReminder),
      toUser: [userId],
      toParty: [],
      toTag: [],
      requestId,
    }
    const { status } = await submit(ctx, operator(corpId), submissionOf(ctx, corpId, channel, given))
    return status === 'failed' ? '' : undefined
  } catch (error) {
    // The channel is refused (1008), nobody is reached by it (1007), or its settings do not allow the message.
    if (!(error instanceof ApiError)) throw error
    return error.message
  }
}

/** Inputs of all channels, each of which reads its own; Chinese first. */
function contentOf(
  ctx: Needs,
  corpId: string,
  { id, title, amount, dueAt, billNo }: DueNotice,
  isReminder: boolean,
) {
  const due = dueAt && formatDate(dueAt, zoneOf(ctx, corpId), ctx.now())
  const lines = [
    `${title}：${formatMoney(amount)}`,
    `账单号 ${billNo}${due ? `，${due.zh} 到期` : ''}`,
    '',
    `${isReminder ? 'Due soon' : 'A bill to pay'}: ${title}, ${formatMoney(amount)}${due ? `, due ${due.en}` : ''}.`,
  ]
  return {
    msgType: '01',
    agentName: '统一支付',
    title: isReminder ? '账单即将到期' : '您有一笔待付款的账单',
    content: lines.join('\n'),
    url: `${publicUrlOf(ctx, ctx.corps.get(corpId))}/pay/bill/${id}`,
    btntxt: '去付款',
  }
}
