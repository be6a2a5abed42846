import type { View } from '../../../organisation/directory/read/view.ts'
import { channelOf } from '../../channels/channels.ts'
import type { MessageType } from '../../message-types/catalog.ts'
import { affordable, budgetOf } from '../../send-approval/budget/pay.ts'
import { fenFor, type PaymentNeeds } from '../deliver/payments.ts'
import type { RoutePlan } from './route.ts'

/**
 * Routes that lead by the next channel those for whom a channel has no budget. What must arrive waits for budget, and what is urgent has a
 * part of it for itself. Nothing is taken: the budget may be used up until the call.
 */
export function withBudget(
  ctx: PaymentNeeds,
  { developer: { corpId, devId } }: View,
  { definition }: MessageType,
  wanted: RoutePlan,
): RoutePlan {
  if (definition.level !== 'normal' || !budgetOf(ctx, corpId, devId)) return wanted
  return {
    ...wanted,
    async affordable(channel) {
      if (!channelOf(channel).isPaid) return Infinity
      const fen = fenFor(ctx, corpId, { channel, content: wanted.contentOf(channel) })
      return affordable(ctx, { corpId, devId }, fen)
    },
  }
}
