import { Select, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { OpenLink } from '../../../ui/address/page-link.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState } from '../../../ui/feedback.tsx'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { ReceiverWhy } from '../why.tsx'
import { Fate } from '../words.tsx'

const fates = ['failed', 'unknown', 'waiting', 'sent', 'cancelled', 'recalled'] as const
type Filter = { state: (typeof fates)[number] | undefined; members: PickedMember[]; pageNo: number }
const pageSize = 20

/** All receivers with the reason where sending failed; these come first. */
export function Receivers(props: { msgId: string }): ReactNode {
  const t = useText('messages')
  const [filter, setFilter] = useState<Filter>({ state: undefined, members: [], pageNo: 1 })
  const { state, members, pageNo } = filter
  const query = { msgId: props.msgId, state, userId: members[0]?.userId, pageNo, pageSize }
  const read = useRead('/web/messages/receivers', query, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  return (
    <>
      <div className="wisp-filters">
        <Select
          allowClear
          aria-label={t('state')}
          placeholder={t('state')}
          style={{ width: 150 }}
          value={state ?? null}
          options={fates.map(value => ({ value, label: t(`fate_${value}`) }))}
          onChange={(value: (typeof fates)[number] | null) =>
            setFilter({ ...filter, state: value ?? undefined, pageNo: 1 })
          }
        />
        <div style={{ width: 200 }}>
          <MemberPicker
            single
            label={t('receiver')}
            placeholder={t('receiver')}
            value={members}
            onChange={next => setFilter({ ...filter, members: next, pageNo: 1 })}
          />
        </div>
      </div>
      <Table<Row<'/web/messages/receivers'>>
        size="small"
        aria-label={t('receivers')}
        rowKey={row => row.userId}
        dataSource={read.data?.list ?? []}
        loading={!read.data || read.isPlaceholderData}
        expandable={{
          rowExpandable: row => row.userId !== '@all',
          expandedRowRender: row => <ReceiverWhy msgId={props.msgId} userId={row.userId} />,
        }}
        locale={{ emptyText: <EmptyState title={t('noReceivers')} /> }}
        pagination={{
          current: pageNo,
          pageSize,
          total: read.data?.total ?? 0,
          hideOnSinglePage: true,
          showSizeChanger: false,
          onChange: next => setFilter({ ...filter, pageNo: next }),
        }}
        columns={[
          { key: 'name', title: t('name'), render: (_, row) => <Name row={row} /> },
          {
            key: 'state',
            title: t('state'),
            render: (_, row) => <Fate state={row.state} delivered={row.delivered} />,
          },
          {
            key: 'reason',
            title: t('reason'),
            className: 'wisp-reason',
            render: (_, { reason, advice, digestId }) => (
              <>
                {reason}
                {digestId ? (
                  <div>
                    <OpenLink id={digestId}>{t('inDigest')}</OpenLink>
                  </div>
                ) : null}
                {advice ? <div className="wisp-quiet">{advice}</div> : null}
              </>
            ),
          },
        ]}
      />
    </>
  )
}

function Name(props: { row: Row<'/web/messages/receivers'> }): ReactNode {
  const t = useText('messages')
  const { userId, name } = props.row
  if (userId === '@all') return <>{t('everybody')}</>
  return (
    <div>
      <div>{name || userId}</div>
      {name ? <div className="wisp-quiet">{userId}</div> : null}
    </div>
  )
}
