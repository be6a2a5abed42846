import type { Core } from '../../core.ts'
import type { Words } from '../../http/words.ts'
import type { DueEvent } from '../../inbox/event-store.ts'
import * as inbox from '../../inbox/event-store.ts'
import { postpone as postponeEvents } from '../../inbox/postpone.ts'
import { describeError } from '../../operation/log.ts'
import type { ActiveTask, Queue } from '../../queue/queue.ts'
import { holdLease, LeaseLost } from '../../queue/queue-store.ts'
import { growingDelayMs } from '../../upstream/transport/retry.ts'
import type { Merchant, Merchants } from '../merchants/merchants.ts'
import { applyTransaction, type Within } from '../orders/apply-transaction.ts'
import { applyRefund } from '../refunds/apply-refund.ts'
import { contentOf } from './content.ts'

type Needs = Core & { merchants: Merchants; queue: Queue }

const batchEvents = 8
const parkAfter = 8
const delays = { first: 1000, longest: 300_000 }
const errorAtMost = 500
/** Wait when the merchant was just connected on another node and this node has not read it yet. */
const unknownMerchantMs = 1000

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

/** Merchants are tasks of their own, so that one with much to do keeps no other waiting. */
export function handleNotifications(ctx: Needs): void {
  ctx.queue.handle({ name: 'pay', atOnce: 8, work: held => processNotifications(ctx, held) })
}

async function processNotifications(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key: mchId, signal } = held
  const box = { corpId, stream: 'pay', account: mchId } as const
  while (!signal.aborted) {
    const merchant = ctx.merchants.find(corpId, mchId)
    const events = await inbox.dueEvents(ctx.db, box, new Date(ctx.now()), batchEvents)
    if (events.length === 0) return inbox.nextDueAt(ctx.db, box)
    if (!merchant) return new Date(ctx.now() + unknownMerchantMs)
    const entities = Map.groupBy(events, event => event.entity)
    await Promise.all([...entities.values()].map(list => inTurn(ctx, held, merchant, list)))
  }
  return undefined
}

async function inTurn(ctx: Needs, held: ActiveTask, merchant: Merchant, events: DueEvent[]): Promise<void> {
  for (const event of events) {
    if (held.signal.aborted) return
    await act(ctx, held, merchant, event)
  }
}

async function act(ctx: Needs, { lease }: ActiveTask, merchant: Merchant, event: DueEvent): Promise<void> {
  const { corpId } = merchant
  const within: Within = async (tx, applied) => {
    if (applied === 'unknown') throw new NotApplied(unknown)
    const note = applied === 'differs' ? { note: differs } : {}
    await inbox.finishEvents(tx, corpId, [{ id: event.id, hits: event.hits, ...note }], new Date(ctx.now()))
    await holdLease(tx, lease)
  }
  const hearing = { within, isNotification: true }
  try {
    const content = contentOf(event.changeType, event.plain ?? '')
    if (content.of === 'order') await applyTransaction(ctx, merchant, content.trade, hearing)
    else if (content.of === 'refund') await applyRefund(ctx, merchant, content.refund, hearing)
    else
      await inbox.finishEvents(
        ctx.db,
        corpId,
        [{ id: event.id, hits: event.hits, note: ignored }],
        new Date(ctx.now()),
      )
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    await postpone(ctx, corpId, event, error as Error)
  }
}

/** It may have come before its order was stored here, or what hinders it may pass; in the end somebody has to look. */
async function postpone(ctx: Core, corpId: string, event: DueEvent, error: Error): Promise<void> {
  ctx.log.warn({ entity: event.entity, ...describeError(error) }, 'notification of WeChat Pay postponed')
  const attempts = event.attempts + 1
  const at = new Date(ctx.now() + growingDelayMs(event.attempts, delays))
  const why = error instanceof NotApplied ? error.words : error.message.slice(0, errorAtMost)
  await postponeEvents(ctx, corpId, [
    { id: event.id, at, error: why, attempts, parked: attempts >= parkAfter },
  ])
}
