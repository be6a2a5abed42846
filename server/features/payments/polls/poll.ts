import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { type Lease, LeaseLost } from '../../../platform/queue/queue-store.ts'
import { type Merchant, type Merchants, notReadYetMs } from '../merchants/merchants.ts'
import { streams } from './ask-soon.ts'
import { nextPollAt, type PolledTable, setNextPolls } from './poll-store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'pay-order': true
    'pay-refund': true
  }
}

type Needs = Core & { merchants: Merchants; queue: Queue }

/** About one order or refund. `next` is when the next one is due, unless this one ends it. */
export type Question = {
  id: number
  pollAt: Date | null
  next: Date
  /** Names it in the log. */
  about: object
  ask(): Promise<void>
}

/** What is asked about the orders or refunds of a merchant that are due now, so many of them at once. */
export type Questions = (merchant: Merchant, lease: Lease) => Promise<Question[]>

const log = { pay_order: 'order not polled', pay_refund: 'refund not polled' }

/** Asks WeChat Pay about what nobody notified. Each merchant is a task of its own. */
export function handlePolls(ctx: Needs, table: PolledTable, questions: Questions): void {
  ctx.queue.handle({
    name: streams[table],
    atOnce: 8,
    goesOn: ['suspended'],
    work: held => poll(ctx, held, table, questions),
  })
}

async function poll(
  ctx: Needs,
  held: ActiveTask,
  table: PolledTable,
  questions: Questions,
): Promise<Date | undefined> {
  const { corpId, key: mchId, lease, signal } = held
  while (!signal.aborted) {
    const merchant = ctx.merchants.find(corpId, mchId)
    if (!merchant) return new Date(ctx.now() + notReadYetMs)
    const due = await questions(merchant, lease)
    if (due.length === 0) return nextPollAt(ctx.db, table, merchant)
    // Before WeChat Pay is asked, so that one that does not answer is asked at the same distances. A crash in between
    // costs this question; the next one is never further away than the last one was.
    await setNextPolls(ctx.db, table, corpId, due)
    await Promise.all(due.map(question => ask(ctx, table, question)))
  }
  return undefined
}

async function ask(ctx: Core, table: PolledTable, question: Question): Promise<void> {
  try {
    await question.ask()
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    ctx.log.warn({ ...question.about, ...describeError(error) }, log[table])
  }
}
