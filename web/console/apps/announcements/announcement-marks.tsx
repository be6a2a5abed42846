import { DownloadOutlined } from '@ant-design/icons'
import { Button, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { addressOf, type Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { currentLanguage } from '../../../ui/language.ts'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'
import { LackChoice } from '../../messages/marks/lack-choice.tsx'

const pageSize = 20
type Lack = 'shown' | 'read'

/** Who has seen an announcement and opened it, and who has not. */
export function AnnouncementMarks({ id }: { id: number }): ReactNode {
  const t = useText('message-marks')
  const [{ lack, pageNo }, setAsked] = useState<{ lack: Lack | undefined; pageNo: number }>({
    lack: undefined,
    pageNo: 1,
  })
  const read = useRead('/web/announcements/marks', { id, lack, pageNo, pageSize }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { counts, list, total } = read.data
  const { people, shown, read: opened } = counts
  return (
    <>
      <p>{t('announcementSum', { people, shown, opened })}</p>
      <div className="wisp-actions">
        <Button
          icon={<DownloadOutlined aria-hidden />}
          href={addressOf('/web/announcements/marks/export', { id, lack, language: currentLanguage() })}
          download
        >
          {t('export')}
        </Button>
      </div>
      <LackChoice
        value={lack}
        lacks={['read', 'shown']}
        onChange={next => setAsked({ lack: next, pageNo: 1 })}
      />
      <Table<Row<'/web/announcements/marks'>>
        size="small"
        aria-label={t('people')}
        rowKey={row => row.userId}
        dataSource={list}
        loading={read.isPlaceholderData}
        locale={{ emptyText: <EmptyState title={t('nobody')} /> }}
        scroll={{ x: 'max-content' }}
        pagination={{
          current: pageNo,
          pageSize,
          total,
          hideOnSinglePage: true,
          showSizeChanger: false,
          onChange: next => setAsked({ lack, pageNo: next }),
        }}
        columns={[
          { key: 'name', title: t('name'), render: (_, { name, userId }) => name || userId },
          {
            key: 'shown',
            title: t('shown'),
            render: (_, { shownAt }) => (shownAt ? <Time at={shownAt} /> : '—'),
          },
          {
            key: 'read',
            title: t('opened'),
            render: (_, { readAt }) => (readAt ? <Time at={readAt} /> : '—'),
          },
        ]}
      />
    </>
  )
}
