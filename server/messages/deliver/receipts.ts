import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { describeError } from '../../operation/log.ts'
import type { Channel, Receipt, Setups } from '../channels/channel.ts'
import { channelList } from '../channels/channels.ts'
import { confirmParts, partOfReceipt } from '../fate/fate-store.ts'
import { putResults, type Result } from '../store.ts'
import { contactsOf } from './contacts-store.ts'

type Source = NonNullable<Channel['receipts']>

const pullsAtMost = 50

/** Reads receipts from vendors that queue them, and records who did not get the message. */
export async function pullReceipts(ctx: Core & { corps: Corps; messageSettings: Setups }): Promise<void> {
  for (const [name, { receipts }] of channelList) {
    if (!receipts) continue
    for (const { corpId } of ctx.corps.all()) {
      const setup = ctx.messageSettings.setupOf(corpId, name)
      try {
        for (let pull = 0; pull < pullsAtMost; pull++) {
          const pulled = await receipts.pull(setup)
          if (pulled.length === 0) break
          await noteReceipts(ctx, receipts, pulled)
        }
      } catch (error) {
        ctx.log.warn({ corpId, channel: name, ...describeError(error) }, 'receipts not read')
      }
    }
  }
}

async function noteReceipts(ctx: Core, { addressOf }: Source, receipts: Receipt[]): Promise<void> {
  const results: Result[] = []
  const confirmed: number[] = []
  for (const [context, own] of Map.groupBy(receipts, receipt => receipt.context)) {
    const [messageId = '', n] = context.split('.')
    const part = await partOfReceipt(ctx.db, messageId, Number(n))
    if (!part) continue
    confirmed.push(part.id)
    const members = await contactsOf(ctx.db, part.corpId, part.memberIds)
    const userIds = new Map(members.map(member => [addressOf(member), member.userId]))
    for (const { address, isDelivered, reason } of own) {
      const userId = userIds.get(address)
      const state = isDelivered ? 'delivered' : 'failed'
      if (userId) results.push({ messageId, userId, partId: part.id, state, reason })
    }
  }
  const at = new Date(ctx.now())
  await confirmParts(ctx.db, confirmed, at)
  await putResults(ctx.db, results, at)
}
