/**
 * What waits for a receiver is what stands in its tree from its `next_index` on, so that nothing can be lost between two tables. One node
 * at a time sends to a receiver, under a lease of its row; a batch counts when the receiver has got it (transport/line.ts). When it is not
 * certain that it did, the batch is sent again, with the same ids.
 */

import { publicUrlOf, zoneOf } from '../../organisation/corps/corps.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { inBackground } from '../../platform/operation/background.ts'
import { describeError } from '../../platform/operation/log.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { growingDelayMs } from '../../platform/queue/growing-delay.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { OutboundUntold } from '../../platform/security/outbound-policy.ts'
import { version } from '../../platform/version.ts'
import { wordsToStore } from '../../platform/words.ts'
import { entriesInOrder, treeSize } from '../audit-tree/tree/entries-store.ts'
import { type Form, rendered } from './formats/render.ts'
import * as store from './forward-store.ts'
import { lateMs } from './late.ts'
import type { Receiver } from './receiver-store.ts'
import { opened, type SiemNeeds } from './receivers.ts'
import { alertRecords, entryRecord } from './records.ts'
import { reasonOf } from './transport/reasons.ts'
import { BatchTooLarge, sendTo } from './transport/send.ts'

export type ForwardNeeds = SiemNeeds & { offered: FeatureOffers }

/** Receivers that fail have places of their own, so that silent ones delay nobody. */
const atOnce = { failing: 8, others: 8 }
const entriesAtOnce = 1000
const alertsAtOnce = 100
/** Then other receivers have their turn. */
const roundMs = 20_000
const delays = { first: 5000, longest: 300_000 }
const lookEveryMs = 2000
const renewEveryMs = (store.leaseSeconds * 1000) / 4

/** Sends what waits, until it is stopped. */
export function startForwarding(ctx: ForwardNeeds & { queue: Queue }): () => void {
  const running = { failing: new Set<Promise<void>>(), others: new Set<Promise<void>>() }
  const stop = new AbortController()
  let lookAt = 0
  ctx.queue.alongside(async () => {
    if (stop.signal.aborted || ctx.stopping.aborted) return Number.POSITIVE_INFINITY
    // The queue looks whenever anything is enqueued.
    if (performance.now() < lookAt) return lookAt - performance.now()
    lookAt = performance.now() + lookEveryMs
    for (const kind of ['others', 'failing'] as const) {
      const limit = atOnce[kind] - running[kind].size
      if (limit <= 0) continue
      const lease = ctx.newId()
      const closed = [...ctx.corps.closures().keys()]
      const turn = { lease, now: new Date(ctx.now()), limit, failing: kind === 'failing', closed }
      for (const receiver of await store.claimReceivers(ctx.db, turn)) {
        const round = inBackground(() => holdRound(ctx, receiver, lease, stop.signal)).finally(() => {
          running[kind].delete(round)
        })
        running[kind].add(round)
      }
    }
    return lookEveryMs
  })
  return () => stop.abort(new Error('stopping'))
}

/** Sends to one receiver under its lease. Never rejects: what fails is noted, or logged. */
async function holdRound(
  ctx: ForwardNeeds,
  receiver: Receiver,
  lease: string,
  stopping: AbortSignal,
): Promise<void> {
  const { id } = receiver
  const lost = new AbortController()
  const signal = AbortSignal.any([lost.signal, stopping, ctx.stopping])
  const renewing = setInterval(() => {
    store.renewReceiver(ctx.db, id, lease).then(
      isMine => isMine || lost.abort(new Error('another node sends to this receiver')),
      // The database may be back before the lease has ended.
      () => undefined,
    )
  }, renewEveryMs)
  try {
    await sendWaiting(ctx, receiver, lease, signal)
  } catch (error) {
    if (!signal.aborted) {
      ctx.log.error({ receiver: id, ...describeError(error) }, 'forwarding failed')
      // Such as a key that cannot be opened: that is told on the page, and not tried every two seconds.
      await noteFailure(ctx, receiver, lease, error).catch(() => undefined)
    }
  } finally {
    clearInterval(renewing)
    await store.releaseReceiver(ctx.db, id, lease).catch(() => undefined)
  }
}

/** Sends batch after batch until nothing waits, the round is over, or one fails. */
export async function sendWaiting(
  ctx: ForwardNeeds,
  receiver: Receiver,
  lease: string,
  signal: AbortSignal,
): Promise<void> {
  const endsAt = performance.now() + roundMs
  const to = { ...opened(ctx, receiver), corpId: receiver.corpId }
  const form = formOf(ctx, receiver)
  let wasLate = receiver.failingSince !== null && receiver.failingSince.getTime() < ctx.now() - lateMs
  // A restored backup takes indexes back; what it says of that is the next entry.
  let from = Math.min(receiver.nextIndex, await treeSize(ctx.db, receiver.corpId))
  let atOnce = entriesAtOnce
  for (;;) {
    const size = await treeSize(ctx.db, receiver.corpId)
    const entries = await entriesInOrder(ctx.db, receiver.corpId, from, atOnce)
    const alerts =
      entries.length < atOnce
        ? await store.untoldAlerts(ctx.db, receiver, Math.min(alertsAtOnce, atOnce - entries.length))
        : []
    if (entries.length + alerts.length === 0) {
      // What it has not got is pruned by now.
      const at = new Date(ctx.now())
      if (from < size) await store.noteSent(ctx.db, receiver.id, lease, { from, next: size, alerts, at })
      return
    }
    const records = [
      ...entries.map(one => entryRecord(receiver.corpId, one, form.timeZone)),
      ...alerts.flatMap(one => alertRecords(ctx, receiver.corpId, one)),
    ]
    const next = (entries.at(-1)?.index ?? from - 1) + 1
    try {
      await sendTo(
        ctx,
        to,
        records.map(one => rendered(one, form)),
        signal,
      )
    } catch (error) {
      signal.throwIfAborted()
      const count = entries.length + alerts.length
      if (error instanceof BatchTooLarge && count > 1) {
        atOnce = Math.ceil(count / 2)
        continue
      }
      await noteFailure(ctx, receiver, lease, error)
      return
    }
    const at = new Date(ctx.now())
    const isMine = await ctx.db.transaction().execute(async tx => {
      const isNoted = await store.noteSent(tx, receiver.id, lease, { from, next, alerts, at })
      if (isNoted && wasLate && receiver.corpId !== '') await checkAlerts(ctx, tx, receiver.corpId)
      return isNoted
    })
    wasLate = false
    if (!isMine || performance.now() > endsAt) return
    from = next
  }
}

async function noteFailure(
  ctx: ForwardNeeds,
  receiver: Receiver,
  lease: string,
  error: unknown,
): Promise<void> {
  const words = reasonOf(error)
  ctx.log.info({ receiver: receiver.id, error: words.en }, 'receiver of the audit log got nothing')
  const at = ctx.now()
  await store.noteFailed(ctx.db, receiver.id, lease, {
    at: new Date(at),
    nextAt: new Date(at + growingDelayMs(receiver.tries, delays)),
    words: wordsToStore(words),
    // HTTPS answers what it has got.
    isAgain: receiver.transport !== 'https' && isAway(error),
  })
}

const away = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ABORT_ERR'])

/** Whether there was nobody to connect to. */
function isAway(error: unknown): boolean {
  const cause = error instanceof OutboundUntold ? error.cause : error
  return away.has(String((cause as { code?: unknown } | undefined)?.code))
}

/** How records look for this receiver. */
export function formOf(ctx: SiemNeeds, one: Pick<Receiver, 'corpId' | 'format' | 'language' | 'pen'>): Form {
  const { corpId, format, language, pen } = one
  const host = new URL(publicUrlOf(ctx, ctx.corps.find(corpId))).hostname
  return { format, language, pen, host, version, timeZone: zoneOf(ctx, corpId || null) }
}
