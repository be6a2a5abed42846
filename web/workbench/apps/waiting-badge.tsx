import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { useWaitingBills } from '../data.ts'

/** On the tile of 统一支付: how many bills wait. */
export function WaitingBadge({ appId }: { appId: string }): ReactNode {
  const t = useText('portal')
  const n = useWaitingBills(appId)
  if (n === 0) return null
  return (
    <>
      <span className="wb-badge" aria-hidden="true">
        {n > 99 ? '99+' : n}
      </span>
      <span className="wisp-hidden">{t('billsWaiting', { n })}</span>
    </>
  )
}
