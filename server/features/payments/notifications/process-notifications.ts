import type { Core } from '../../../platform/core.ts'
import type { DueEvent } from '../../../platform/inbox/event-store.ts'
import type { FailureReport } from '../../../platform/inbox/postpone.ts'
import { applyGroups, finish, handleAccounts } from '../../../platform/inbox/work.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import type { Lease } from '../../../platform/queue/queue-store.ts'
import type { Words } from '../../../platform/words.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import { applyTransaction, type TransactionWrites } from '../orders/apply-transaction.ts'
import { applyRefund } from '../refunds/apply-refund.ts'
import { contentOf } from './content.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    pay: true
  }
}

type Needs = Core & { merchants: Merchants; queue: Queue }

/** A notification that cannot be applied now, or not at all. */
class NotApplied extends Error {
  readonly words: Words
  constructor(words: Words) {
    super(words.en)
    this.words = words
  }
}

const differs: Words = {
  zh: '与订单不一致，未采用；已向微信支付查询',
  en: 'does not fit the order and was not applied; WeChat Pay is asked',
}
const ignored: Words = { zh: '不需要处理的通知', en: 'a notification that asks for nothing' }
const unknown: Words = {
  zh: '系统中没有这个订单或退款（可能是在商户平台直接发起的）',
  en: 'there is no such order or refund here: perhaps it was made on the merchant platform',
}

/** It may have come before its order was stored here, or what hinders it may pass; in the end somebody has to look. */
const telling: FailureReport = {
  log: 'notification of WeChat Pay postponed',
  wordsOf: error => (error instanceof NotApplied ? error.words : error.message),
}

export function handleNotifications(ctx: Needs): void {
  handleAccounts(ctx, {
    name: 'pay',
    goesOn: ['suspended'],
    batchEvents: 8,
    accountOf: ({ corpId, key }) => ctx.merchants.find(corpId, key),
    async work(merchant, events, held) {
      const entities = Map.groupBy(events, event => event.entity)
      await Promise.all([...entities.values()].map(list => inTurn(ctx, held, merchant, list)))
    },
  })
}

async function inTurn(ctx: Needs, held: ActiveTask, merchant: Merchant, events: DueEvent[]): Promise<void> {
  for (const event of events) {
    if (held.signal.aborted) return
    const apply = () => act(ctx, held.lease, merchant, event)
    await applyGroups(ctx, held.lease, telling, [{ events: [event] }], apply)
  }
}

async function act(ctx: Needs, lease: Lease, merchant: Merchant, event: DueEvent): Promise<void> {
  const within: TransactionWrites = async (tx, applied) => {
    if (applied === 'unknown') throw new NotApplied(unknown)
    await finish(tx, ctx, lease, [applied === 'differs' ? { ...event, note: differs } : event])
  }
  const hearing = { within, isNotification: true }
  const content = contentOf(event.changeType, event.plain ?? '')
  if (content.of === 'order') await applyTransaction(ctx, merchant, content.trade, hearing)
  else if (content.of === 'refund') await applyRefund(ctx, merchant, content.refund, hearing)
  else await ctx.db.transaction().execute(tx => finish(tx, ctx, lease, [{ ...event, note: ignored }]))
}
