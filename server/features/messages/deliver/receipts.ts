import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { AddressNeeds, Channel, Receipt, ReceiptSource, Setups } from '../../channels/channel.ts'
import { channelList } from '../../channels/channels.ts'
import { contactsOf } from '../../channels/contacts-store.ts'
import { confirmParts, partOfReceipt } from '../fate/fate-store.ts'
import { tellResults } from '../fate/results-store.ts'
import { putResults, type Result } from '../parts/store.ts'
import { lookNow, type WayEnd } from '../plans/fallback-store.ts'
import { askReceipts, notOlderThanMs } from './ask-receipts.ts'
import {
  corpsAwaiting,
  corpsWithPulls,
  deletePull,
  type Pull,
  storedPulls,
  storePull,
} from './receipts-store.ts'

type Needs = AddressNeeds & { messageSettings: Setups }
type Receipts = NonNullable<Channel['receipts']>

const pullsAtMost = 50
const takenAtOnce = 500

/**
 * Reads receipts, and records who got the message and who did not. A vendor's queue gives each receipt once, so they are stored
 * before they are looked at, and a batch that cannot be noted does not stop the next one. Only corps with something to wait for are
 * looked at, which one statement a channel finds.
 */
export async function readReceipts(ctx: Needs & { corps: Corps }): Promise<void> {
  for (const [name, { receipts }] of channelList) {
    if (!receipts) continue
    const sentAfter = new Date(ctx.now() - notOlderThanMs)
    const awaiting =
      (await receipts.awaiting?.(ctx.db, sentAfter)) ?? (await corpsAwaiting(ctx.db, name, sentAfter))
    const pushed = (await receipts.alsoOf?.(ctx.db)) ?? []
    for (const corpId of new Set([...awaiting, ...pushed, ...(await corpsWithPulls(ctx.db, name))])) {
      if (!ctx.corps.find(corpId)) continue
      try {
        await read(ctx, receipts, corpId, name)
      } catch (error) {
        ctx.log.warn({ corpId, channel: name, ...describeError(error) }, 'receipts not read')
      }
      for (const stored of await storedPulls(ctx.db, corpId, name, pullsAtMost))
        await note(ctx, receipts, corpId, stored).catch(error =>
          ctx.log.error({ corpId, channel: name, ...describeError(error) }, 'receipts not noted'),
        )
    }
  }
}

async function read(ctx: Needs, receipts: Receipts, corpId: string, channel: string): Promise<void> {
  const sources = await receipts.sources(ctx, corpId, ctx.messageSettings.setupOf(corpId, channel))
  const asked = sources.filter(source => 'ask' in source)
  const failures: unknown[] = []
  // What one vendor does not answer keeps no other from being asked.
  for (const source of sources)
    if (!('ask' in source)) await takeAll(ctx, source, corpId, channel).catch(error => failures.push(error))
  if (asked.length > 0)
    await askReceipts(ctx, asked, receipts, corpId, channel).catch(error => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function takeAll(
  ctx: Core,
  source: Exclude<ReceiptSource, { ask: unknown }>,
  corpId: string,
  channel: string,
): Promise<void> {
  for (let pull = 0; pull < pullsAtMost; pull++) {
    const pulled = 'take' in source ? await take(ctx, source.take, corpId, channel) : await source.pull()
    if (pulled.length === 0) return
    if ('pull' in source) await storePull(ctx.db, corpId, channel, pulled, new Date(ctx.now()))
  }
}

type Take = Extract<ReceiptSource, { take: unknown }>['take']

async function take(ctx: Core, from: Take, corpId: string, channel: string): Promise<Receipt[]> {
  return ctx.db.transaction().execute(async tx => {
    const taken = await from(tx, corpId, takenAtOnce)
    if (taken.length > 0) await storePull(tx, corpId, channel, taken, new Date(ctx.now()))
    return taken
  })
}

async function note(ctx: Core, { addressOf }: Receipts, corpId: string, pull: Pull): Promise<void> {
  const results: Result[] = []
  const confirmed: number[] = []
  const arrived: number[] = []
  const failed: WayEnd[] = []
  for (const [context, own] of Map.groupBy(pull.receipts, receipt => receipt.context)) {
    // Others may send through the same account, with contexts of their own or none.
    const [, messageId, n] = /^([\w-]{1,64})\.(\d{1,9})$/.exec(context) ?? []
    if (messageId === undefined) continue
    const part = await partOfReceipt(ctx.db, { corpId, id: messageId }, Number(n))
    if (!part) continue
    if (own.some(({ way }) => way === undefined || part.way === null || way === part.way))
      confirmed.push(part.id)
    if (own.some(({ way, isDelivered }) => isDelivered && way !== undefined)) arrived.push(part.id)
    const members = await contactsOf(ctx.db, corpId, part.memberIds)
    // Members who share a number got one message, and its receipt is for all of them.
    const byAddress = Map.groupBy(members, member => addressOf(member))
    for (const { address, isDelivered, reason, way } of own) {
      // Of an SMS that another vendor sent after all, one only knows what it delivered itself.
      if (!isDelivered && way !== undefined && part.way !== null && way !== part.way) continue
      const state = isDelivered ? 'delivered' : 'failed'
      for (const { userId, id: memberId } of byAddress.get(address) ?? []) {
        results.push({ messageId, userId, partId: part.id, state, reason })
        if (!isDelivered && part.isOfCall) failed.push({ corpId, messageId, memberId })
      }
    }
  }
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    if (!(await deletePull(tx, corpId, pull.id))) return
    await confirmParts(tx, corpId, confirmed, at)
    // A vendor that was not clear did send it after all: what waits for another one must not leave.
    await confirmParts(tx, corpId, arrived, at, ['waiting', 'asking', 'unknown'])
    await putResults(
      tx,
      results.map(one => ({ ...one, corpId })),
      at,
    )
    await tellResults(
      tx,
      results.map(({ messageId: id }) => ({ corpId, id })),
      at,
    )
    await lookNow(tx, failed, at)
  })
}
