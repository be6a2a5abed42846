import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { useWaiting } from '../data.ts'
import { useTileNumbers } from '../todos/todo-data.ts'

/** On an app's tile: how much waits in it. */
export function WaitingBadge({ appId }: { appId: string }): ReactNode {
  const t = useText('portal')
  const rows = useWaiting().data?.list.filter(row => row.appId === appId) ?? []
  const counted = useTileNumbers().data?.list.find(one => one.appId === appId)?.count ?? 0
  const n = rows.reduce((sum, row) => sum + row.count, counted)
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
