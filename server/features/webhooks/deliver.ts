/**
 * A webhook gets the events of one entity in order. Only the first waiting delivery of an entity is sent. The `webhook-id` is
 * made of webhook and number, so that a repetition after a crash sends the same id.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { wireBytes } from '../../platform/http/wire.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import type { ActiveTask, Queue } from '../../platform/queue/queue.ts'
import { enqueue, holdLease } from '../../platform/queue/queue-store.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Db } from '../../platform/storage/db.ts'
import { wordsIn, wordsToStore } from '../../platform/words.ts'
import { readFeed, readNumbers } from '../events/event-store.ts'
import { type DeveloperEvent, tell } from '../events/tell.ts'
import * as deliveries from './delivery-store.ts'
import { sealExchange, send } from './send.ts'
import { findWebhook, silence, type Webhook, webhooksBehind } from './webhook-store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    webhook: true
  }
}

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  offered: FeatureOffers
  outbound: Outbound
  queue: Queue
}

const webhooksAtOnce = 32
/**
 * Receivers that keep calls waiting have places of their own. One that is not known as slow, and does not answer soon, moves there too, so
 * that a hundred silent ones delay another's first event by less than a second. Each of them is called one at a time.
 */
const silentAtOnce = 32
const asideAtMost = 256
const asideAfterMs = 250
const silentAfterMs = 5000
/** Calls of one webhook at once; those of one entity are made one after the other. */
const callsAtOnce = 8
/** A webhook with much to do then lets others have its turn. */
const roundMs = 1000
const pageSize = 500
/** So many deliveries may wait; the rest of the feed is looked at when there are fewer. */
const waitingAtMost = 2000
/** Few, because whether the webhook is still on is looked at between them. */
const headsAtOnce = 16
const lookAgainMs = 1000

/** Waits before an event is sent again, together a day. Each is shortened by up to a tenth, so that not all come at once. */
const delaysMs = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 36_000].map(seconds => seconds * 1000)
const givenUpMs = 86_400_000
/** A webhook where everything fails gets a pause after so many failures, and each is longer than the last. */
const pauses = { every: 16, firstMs: 5000, atMostMs: 600_000 }
/** After so long without a success it is switched off. */
export const offAfterMs = 3 * 86_400_000
const offFrom = 10

/** Makes the corp's webhooks look for what has a new number. */
export async function wakeWebhooks({ now, db: own }: Core, corpId: string, db: Db = own): Promise<void> {
  const behind = await webhooksBehind(db, corpId)
  const tasks = behind.map(key => ({ corpId, stream: 'webhook' as const, key }))
  if (tasks.length > 0) await enqueue(db, tasks, new Date(now()))
}

export function handleWebhooks(ctx: Needs): void {
  ctx.queue.handle({
    name: 'webhook',
    atOnce: webhooksAtOnce,
    slow: { ...silence, atOnce: silentAtOnce, asideAtMost },
    work: held => deliver(ctx, held),
  })
}

/** The developer of a webhook, as long as it may have one. */
function ownerOf(ctx: Needs, { devId }: Webhook): Caller | undefined {
  const developer = ctx.developers.get(devId)
  if (developer && !isOn(ctx, developer.corpId, 'webhooks')) return undefined
  return developer?.enabled && developer.scopes.has('webhook:manage') ? developer : undefined
}

type DeliveryRound = {
  held: ActiveTask
  endsAt: number
  busy: Map<string, Promise<void>>
  ready: ReadyDelivery[]
  failure: unknown
}
type ReadyDelivery = { delivery: deliveries.Delivery; told: DeveloperEvent | undefined }

async function deliver(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const round: DeliveryRound = {
    held,
    endsAt: performance.now() + roundMs,
    busy: new Map(),
    ready: [],
    failure: undefined,
  }
  try {
    while (!held.signal.aborted) {
      held.reset()
      const webhook = await findWebhook(ctx.db, held.corpId, held.key)
      const developer = webhook && ownerOf(ctx, webhook)
      if (!webhook?.isOn || !developer) return undefined
      if (webhook.pausedUntil && webhook.pausedUntil.getTime() > ctx.now()) return webhook.pausedUntil
      await lookAhead(ctx, held, webhook, developer)
      round.ready = await readyOf(ctx, round, webhook, developer)
      if (round.busy.size + round.ready.length === 0) return deliveries.nextDueAt(ctx.db, webhook)
      await sendReady(ctx, round, webhook)
      if (round.failure) throw round.failure
      if (performance.now() > round.endsAt) {
        await Promise.all(round.busy.values())
        if (round.failure) throw round.failure
        return new Date(ctx.now())
      }
    }
  } finally {
    await Promise.all(round.busy.values())
  }
  return undefined
}

/** Makes deliveries of what is new in the feed. */
async function lookAhead(ctx: Needs, held: ActiveTask, webhook: Webhook, developer: Caller): Promise<void> {
  const { corpId } = webhook
  let { seq } = webhook
  while (!held.signal.aborted) {
    const rows = await readFeed(ctx.db, corpId, { since: seq }, pageSize)
    const last = rows.at(-1)?.seq
    if (last === undefined) return
    if ((await deliveries.countWaiting(ctx.db, webhook, waitingAtMost)) >= waitingAtMost) return
    const told = await tell(ctx, developer, rows, webhook.types)
    await ctx.db.transaction().execute(async tx => {
      await deliveries.addDeliveries(tx, webhook, told, last, new Date(ctx.now()))
      await holdLease(tx, held.lease)
    })
    seq = last
  }
}

/** The deliveries that are due, with what is sent. */
async function readyOf(
  ctx: Needs,
  { busy }: DeliveryRound,
  webhook: Webhook,
  developer: Caller,
): Promise<ReadyDelivery[]> {
  const now = new Date(ctx.now())
  const due = await deliveries.dueDeliveries(ctx.db, webhook, [...busy.keys()], now, headsAtOnce)
  if (due.length === 0) return []
  const seqs = due.map(one => one.seq)
  const told = await tell(ctx, developer, await readNumbers(ctx.db, webhook.corpId, seqs))
  const bySeq = new Map(told.map(one => [one.seq, one]))
  return due.map(delivery => ({ delivery, told: bySeq.get(delivery.seq) }))
}

/** Begins what is ready, as many at once as may be, and returns when there is room for more than that. */
async function sendReady(ctx: Needs, round: DeliveryRound, webhook: Webhook): Promise<void> {
  const { held, busy, ready } = round
  const atOnce = webhook.silentSince ? 1 : callsAtOnce
  for (let next = ready.shift(); next && !held.signal.aborted; next = ready.shift()) {
    const { entity } = next.delivery
    const attempt = attemptOne(ctx, held, webhook, next)
      .catch(error => {
        round.failure ??= error
      })
      .finally(() => busy.delete(entity))
    busy.set(entity, attempt)
    if (busy.size >= atOnce) await Promise.race(busy.values())
    if (round.failure || performance.now() > round.endsAt) return
  }
  // What is under way may take long, and something else may become due in the meantime.
  await Promise.race([...busy.values(), held.wait(lookAgainMs)])
}

async function attemptOne(
  ctx: Needs,
  held: ActiveTask,
  webhook: Webhook,
  { delivery, told }: ReadyDelivery,
): Promise<void> {
  const at = new Date(ctx.now())
  const { seq } = delivery
  if (!told) {
    const nothing = { ms: 0, status: null, error: null, content: undefined }
    const ended = { seq, at, nextAt: at, state: 'skipped' as const, ...nothing }
    await deliveries.endAttempt(ctx.db, webhook, held.lease, ended, { is: 'none' })
    return
  }
  const message = { id: messageId(webhook.id, seq), body: wireBytes(told.body) }
  const aside = setTimeout(held.stepAside, asideAfterMs)
  const sent = send(ctx, webhook, message, held.signal).finally(() => clearTimeout(aside))
  const { status, error, ms, exchange } = await sent
  const outside = { kind: 'webhook', name: webhook.id, corpId: webhook.corpId } as const
  ctx.outages.note(outside, error === null ? undefined : wordsIn('en', error))
  const nextAt = error === null || status === 410 ? undefined : nextTry(delivery, at, ctx.now())
  const state = error === null ? 'done' : nextAt ? 'waiting' : 'failed'
  const kept = { status, error: error && wordsToStore(error), content: sealExchange(ctx, exchange) }
  const ended = { seq, state, at, ms, nextAt: nextAt ?? at, ...kept } as const
  const effect = effectOf(error === null, status, at, status === null && ms >= silentAfterMs)
  const { isSwitchedOff } = await deliveries.endAttempt(ctx.db, webhook, held.lease, ended, effect)
  // Not in the same transaction, which would cost something for every attempt. After a crash the regular check finds it.
  if (isSwitchedOff) await ctx.db.transaction().execute(tx => checkAlerts(ctx, tx, webhook.corpId))
}

/** Names an event to its receiver: the same in every attempt and replay. */
export function messageId(webhookId: string, seq: number): string {
  return `msg_${webhookId}_${seq}`
}

/** When to try again after a failure; undefined when a day is over. */
function nextTry({ tries, firstAt }: deliveries.Delivery, at: Date, now: number): Date | undefined {
  const delayMs = delaysMs[tries]
  if (delayMs === undefined) return undefined
  const next = now + delayMs * (1 - Math.random() / 10)
  return next > (firstAt ?? at).getTime() + givenUpMs ? undefined : new Date(next)
}

function effectOf(
  isReceived: boolean,
  status: number | null,
  at: Date,
  isSilent: boolean,
): deliveries.Effect {
  if (isReceived) return { is: 'success' }
  if (status === 410) return { is: 'gone' }
  return { is: 'failure', pauses, offAfter: new Date(at.getTime() - offAfterMs), offFrom, isSilent }
}
