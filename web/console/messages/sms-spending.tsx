import { Alert } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { formatYuan } from '../../ui/values/money.ts'

type SpendingView = Answer<'/web/messages/approval-settings'>['spending']

/** What SMS of this month have cost, beside the budget; nothing where none is set. */
export function SmsSpending({ spending }: { spending: SpendingView }): ReactNode {
  const t = useText('send-approval')
  if (!spending) return null
  const { budget, used, urgent, urgentUsed } = spending
  const common = t('spending', { used: formatYuan(used), budget: formatYuan(budget) })
  const ofUrgent = t('spendingUrgent', { used: formatYuan(urgentUsed), budget: formatYuan(urgent) })
  return (
    <Alert
      type={used < budget ? 'info' : 'warning'}
      showIcon
      title={common}
      {...(urgent > 0 ? { description: ofUrgent } : {})}
      style={{ marginBottom: 16 }}
    />
  )
}
