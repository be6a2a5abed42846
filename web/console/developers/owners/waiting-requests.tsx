import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { RequestList } from './request-list.tsx'

const shownAtMost = 20

export function useWaitingRequests() {
  return useRead('/web/developers/scope-requests/waiting', { pageSize: shownAtMost }, { keep: true })
}

/** The requests of all developers that wait; nothing where there is none. */
export function WaitingRequests(): ReactNode {
  const t = useText('developer-owners')
  const { data } = useWaitingRequests()
  if (!data || data.total === 0) return null
  return (
    <Panel title={t('waiting')} style={{ marginBottom: 16 }}>
      <RequestList list={data.list} mayDecide ofMany />
      {data.total > data.list.length ? <div className="wisp-quiet">{t('more')}</div> : null}
    </Panel>
  )
}
