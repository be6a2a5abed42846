import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { describeError } from '../../operation/log.ts'
import type { SmsReceipt } from '../../upstream/sms/vendor.ts'
import { phoneOf, vendorOf } from '../channels/sms.ts'
import { confirmParts, partOfReceipt } from '../fate/fate-store.ts'
import type { MessageSettingsOfCorps } from '../settings/settings.ts'
import { putResults, type Result } from '../store.ts'
import { contactsOf } from './contacts.ts'

const pullsAtMost = 50

/** Reads receipts from vendors that queue them, and records who did not get the message. */
export async function pullReceipts(
  ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps },
): Promise<void> {
  for (const { corpId } of ctx.corps.all()) {
    const { sms } = ctx.messageSettings.of(corpId)
    const vendor = sms && vendorOf(sms)
    if (!vendor?.pullReceipts) continue
    try {
      for (let pull = 0; pull < pullsAtMost; pull++) {
        const receipts = await vendor.pullReceipts()
        await noteReceipts(ctx, receipts)
        if (receipts.length === 0) break
      }
    } catch (error) {
      ctx.log.warn({ corpId, ...describeError(error) }, 'receipts not read')
    }
  }
}

async function noteReceipts(ctx: Core, receipts: SmsReceipt[]): Promise<void> {
  const results: Result[] = []
  const confirmed: number[] = []
  for (const [context, own] of Map.groupBy(receipts, receipt => receipt.context)) {
    const [messageId = '', n] = context.split('.')
    const part = await partOfReceipt(ctx.db, messageId, Number(n))
    if (!part) continue
    confirmed.push(part.id)
    const members = await contactsOf(ctx.db, part.corpId, part.memberIds)
    const userIds = new Map(members.map(member => [phoneOf(member.mobile), member.userId]))
    for (const { phone, isDelivered, reason } of own) {
      const userId = userIds.get(phone)
      const state = isDelivered ? 'delivered' : 'failed'
      if (userId) results.push({ messageId, userId, partId: part.id, state, reason })
    }
  }
  const at = new Date(ctx.now())
  await confirmParts(ctx.db, confirmed, at)
  await putResults(ctx.db, results, at)
}
