import { Pagination } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { ofDay } from '../rows/figure-rows.ts'
import { ChangeTimeline } from './member-changes.tsx'

const pageSize = 50

/** What became of members on a day, as the overview counts it. */
export function ChangesOfDay({ day }: { day: string }): ReactNode {
  const t = useText('common')
  const [pageNo, setPageNo] = useState(1)
  const { data, error, refetch } = useRead(
    '/web/directory/changes',
    { ...ofDay(day), pageNo, pageSize },
    { keep: true },
  )
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={320} />
  return (
    <>
      <p className="wisp-quiet wisp-list-total">{t('total', { n: data.total })}</p>
      <ChangeTimeline changes={data.list} />
      <Pagination
        simple
        hideOnSinglePage
        align="center"
        current={pageNo}
        pageSize={pageSize}
        total={data.total}
        onChange={setPageNo}
      />
    </>
  )
}
