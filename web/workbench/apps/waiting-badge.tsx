import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { useWaiting } from '../data.ts'

/** On an app's tile: how much waits in it. */
export function WaitingBadge({ appId }: { appId: string }): ReactNode {
  const t = useText('portal')
  const rows = useWaiting().data?.list.filter(row => row.appId === appId) ?? []
  const n = rows.reduce((sum, row) => sum + row.count, 0)
  if (n === 0) return null
  return (
    <>
      <span className="wb-badge" aria-hidden="true">
        {n > 99 ? '99+' : n}
      </span>
      <span className="wisp-hidden">{t('waitingCount', { n })}</span>
    </>
  )
}
