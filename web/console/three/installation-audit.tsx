import { Table } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'

type Row = Answer<'/web/installation/audit'>['list'][number]
const pageSize = 20

/** The acts that concern no corp. */
export function InstallationAudit(): ReactNode {
  const t = useText('three')
  const [page, setPage] = useState(1)
  const query = { pageNo: page, pageSize }
  const { data, error, refetch } = useRead('/web/installation/audit', query, { keep: true })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <Panel title={t('installationAudit')}>
      <Table<Row>
        size="small"
        pagination={{ current: page, pageSize, total: data.total, onChange: setPage, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        rowKey="id"
        dataSource={data.list}
        aria-label={t('installationAudit')}
        columns={[
          { title: t('when'), render: (_, { at }) => <Time at={at} /> },
          { title: t('who'), render: (_, one) => `${one.actorName} ${one.actor}` },
          { title: t('act'), dataIndex: 'actName' },
          { title: t('about'), dataIndex: 'target' },
        ]}
      />
    </Panel>
  )
}
