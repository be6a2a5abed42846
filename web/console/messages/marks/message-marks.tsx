import { BellOutlined, DownloadOutlined } from '@ant-design/icons'
import { Button, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { type Answer, addressOf, type Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { currentLanguage } from '../../../ui/language.ts'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'
import { LackChoice } from './lack-choice.tsx'

const pageSize = 20
const everyMs = 10_000
/** To count many more people again and again would cost the server too much. */
const followedAtMost = 10_000
type Lack = 'shown' | 'read' | 'acknowledged'

/** Who has opened a message and acknowledged it, who has not, and the button that urges them. */
export function MessageMarks({ msgId }: { msgId: string }): ReactNode {
  const t = useText('message-marks')
  const [asked, setAsked] = useState<{ lack: Lack | undefined; pageNo: number }>({
    lack: undefined,
    pageNo: 1,
  })
  const { lack, pageNo } = asked
  const read = useRead(
    '/web/messages/marks',
    { msgId, lack, pageNo, pageSize },
    { keep: true, every: one => (one && one.counts.people <= followedAtMost ? everyMs : false) },
  )
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const marks = read.data
  const { people, shown, read: opened, acknowledged } = marks.counts
  const isReceipt = marks.asked === 'acknowledged'
  return (
    <>
      <p>
        {isReceipt
          ? t('sumReceipt', { people, shown, opened, acknowledged })
          : t('sum', { people, shown, opened })}
      </p>
      <p className="wisp-quiet">{t('silent')}</p>
      <Acts msgId={msgId} lack={lack} marks={marks} />
      <LackChoice
        value={lack}
        lacks={isReceipt ? ['acknowledged', 'read', 'shown'] : ['read', 'shown']}
        onChange={next => setAsked({ lack: next, pageNo: 1 })}
      />
      <Table<Row<'/web/messages/marks'>>
        size="small"
        aria-label={t('people')}
        rowKey={row => row.userId}
        dataSource={marks.list}
        loading={read.isPlaceholderData}
        locale={{ emptyText: <EmptyState title={t('nobody')} /> }}
        scroll={{ x: 'max-content' }}
        pagination={{
          current: pageNo,
          pageSize,
          total: marks.total,
          hideOnSinglePage: true,
          showSizeChanger: false,
          onChange: next => setAsked({ lack, pageNo: next }),
        }}
        columns={[
          { key: 'name', title: t('name'), render: (_, { name, userId }) => name || userId },
          { key: 'shown', title: t('shown'), render: (_, row) => (row.isShown ? t('yes') : '—') },
          { key: 'read', title: t('opened'), render: (_, row) => <At at={row.readAt} /> },
          ...(isReceipt
            ? [
                {
                  key: 'acknowledged',
                  title: t('acknowledged'),
                  render: (_: unknown, row: Row<'/web/messages/marks'>) => <At at={row.acknowledgedAt} />,
                },
              ]
            : []),
          {
            key: 'urged',
            title: t('urged'),
            render: (_, { urged }) => (urged > 0 ? t('times', { n: urged }) : '—'),
          },
        ]}
      />
    </>
  )
}

const At = ({ at }: { at: string }) => (at ? <Time at={at} /> : '—')

function Acts(props: {
  msgId: string
  lack: Lack | undefined
  marks: Answer<'/web/messages/marks'>
}): ReactNode {
  const t = useText('message-marks')
  const { msgId, lack, marks } = props
  const { counts, asked, canUrge, whyNotUrge } = marks
  const urge = useAct('/web/messages/urge', {
    refresh: ['/web/messages/'],
    confirm: () => ({
      title: t('urgeTitle', { n: counts.people - counts[asked] }),
      content: <p>{t('urgeHint')}</p>,
      okText: t('urge'),
    }),
    done: one => t('urgeDone', { n: one.receivers }),
  })
  return (
    <>
      <div className="wisp-actions">
        <Button
          type="primary"
          icon={<BellOutlined aria-hidden />}
          disabled={!canUrge}
          loading={urge.isRunning}
          onClick={() => void urge.run({ msgId })}
        >
          {t('urge')}
        </Button>
        <Button
          icon={<DownloadOutlined aria-hidden />}
          href={addressOf('/web/messages/marks/export', { msgId, lack, language: currentLanguage() })}
          download
        >
          {t('export')}
        </Button>
      </div>
      {canUrge ? null : <p className="wisp-quiet">{whyNotUrge}</p>}
    </>
  )
}
