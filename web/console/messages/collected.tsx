import { Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'

const pageSize = 20

/** The messages that a digest carries, each of which opens in the place of the digest. */
export function Collected({ msgId }: { msgId: string }): ReactNode {
  const t = useText('messages')
  const [pageNo, setPageNo] = useState(1)
  const read = useRead('/web/messages/collected', { msgId, pageNo, pageSize }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  return (
    <Table<Row<'/web/messages/collected'>>
      size="small"
      aria-label={t('collected')}
      rowKey={row => row.msgId}
      dataSource={read.data?.list ?? []}
      loading={!read.data || read.isPlaceholderData}
      pagination={{
        current: pageNo,
        pageSize,
        total: read.data?.total ?? 0,
        hideOnSinglePage: true,
        showSizeChanger: false,
        onChange: setPageNo,
      }}
      columns={[
        {
          key: 'time',
          title: t('time'),
          render: (_, row) => (
            <OpenLink id={row.msgId}>
              <Time at={row.createdAt} />
            </OpenLink>
          ),
        },
        { key: 'from', title: t('from'), render: (_, row) => row.agentName },
        { key: 'subject', title: t('subject'), render: (_, row) => row.subject || '—' },
      ]}
    />
  )
}
