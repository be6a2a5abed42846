import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { inboxState } from '../../../platform/inbox/event-store.ts'
import type { Attention } from '../../../platform/manifest/attention.ts'

export async function paymentAttention({ db }: Core, corpId: string): Promise<Attention[]> {
  const { parked } = await inboxState(db, corpId, 'pay')
  if (parked === 0) return []
  return [
    {
      kind: 'paymentsParked',
      severity: 'bad',
      title: {
        zh: `${formatCount(parked)} 条支付通知处理失败`,
        en: `${formatCount(parked)} payment ${parked === 1 ? 'notification' : 'notifications'} failed`,
      },
      hint: {
        zh: '没有对应订单的，可能是在商户平台直接发起的收款或退款。',
        en: 'Those without an order may be of payments or refunds made on the merchant platform.',
      },
      act: { zh: '查看并重放', en: 'See and replay' },
      path: '/console/payments/notifications?state=parked',
    },
  ]
}
