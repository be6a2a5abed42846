import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'

export type Bill = Row<'/web/payments/bills'>

const kinds = {
  open: 'busy',
  overdue: 'warn',
  paid: 'good',
  partly: 'good',
  refunded: 'idle',
  closed: 'idle',
} as const satisfies Record<string, StateKind>

function standingOf(bill: Bill): keyof typeof kinds {
  if (bill.state === 'open') return bill.isOverdue ? 'overdue' : 'open'
  if (bill.state === 'closed') return 'closed'
  if (bill.refunded === 0) return 'paid'
  return bill.refunded < bill.amount ? 'partly' : 'refunded'
}

/** Where a bill stands, in a word. */
export function BillState({ bill }: { bill: Bill }): ReactNode {
  const t = useText('payments-bills')
  const standing = standingOf(bill)
  return <State kind={kinds[standing]}>{t(`standing_${standing}`)}</State>
}

/** Such as 张三（zhangsan）, and that they left where they did. */
export function Payer({ bill }: { bill: Bill }): ReactNode {
  const t = useText('payments-bills')
  const { userName, userId, hasLeft } = bill
  return (
    <>
      <bdi>{userName}</bdi>
      <span className="wisp-quiet">
        {t('inBrackets', { text: hasLeft ? `${userId}, ${t('hasLeft')}` : userId })}
      </span>
    </>
  )
}
