import { Button, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'

/** What WeChat held back; it is asked only when somebody wants to know. */
export function Blocked(props: { originalId: string; templateId: string }): ReactNode {
  const t = useText('official-templates')
  const [isWanted, setWanted] = useState(false)
  const read = useRead('/web/official/templates/blocked', props, { enabled: isWanted })
  if (!isWanted)
    return (
      <Button style={{ marginTop: 24, marginRight: 8 }} onClick={() => setWanted(true)}>
        {t('blocked')}
      </Button>
    )
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  return (
    <section aria-label={t('blocked')}>
      <h3 className="oa-template-heading">{t('blocked')}</h3>
      <p className="wisp-quiet">{t('blockedHint')}</p>
      <Table
        size="small"
        aria-label={t('blocked')}
        rowKey={row => row.id}
        dataSource={read.data?.list ?? []}
        loading={!read.data}
        locale={{ emptyText: <EmptyState title={t('noBlocked')} /> }}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'at', title: t('at'), render: (_, row) => <Time at={row.sentAt} /> },
          { key: 'openid', title: t('follower'), dataIndex: 'openid' },
          { key: 'content', title: t('content'), dataIndex: 'content' },
        ]}
      />
    </section>
  )
}
