import { Table } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Actor } from '../../../ui/objects/actor.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatYuan } from '../../../ui/values/money.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Acknowledge } from './acknowledge.tsx'

const path = '/web/payments/reconciliation'
type Difference = Row<typeof path>

const kindOf: Record<Difference['state'], StateKind> = { open: 'bad', mended: 'good', acknowledged: 'idle' }
const pageSize = 50

/** What one day's bills and ours do not agree about. */
export function Differences({ mchId, day }: { mchId: string; day: string }): ReactNode {
  const t = useText('payments-reconciliation')
  const [pageNo, setPageNo] = useState(1)
  const read = useRead(path, { mchId, day, pageNo, pageSize }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list, total } = read.data
  if (total === 0) return <EmptyState title={t('noDifferences')} />
  const kinds = [...new Set(list.filter(one => one.state === 'open').map(one => one.difference))]
  return (
    <>
      {kinds.map(kind => (
        <p key={kind} className="wisp-quiet">
          {t(`difference_${kind}`)}：{t(`help_${kind}`)}
        </p>
      ))}
      <Table<Difference>
        size="small"
        aria-label={t('difference')}
        rowKey={one => `${one.kind} ${one.number}`}
        dataSource={list}
        pagination={{
          current: pageNo,
          pageSize,
          total,
          hideOnSinglePage: true,
          showSizeChanger: false,
          onChange: setPageNo,
        }}
        scroll={{ x: 'max-content' }}
        columns={[
          { key: 'kind', title: t('kind'), render: (_, one) => t(`kind_${one.kind}`) },
          { key: 'number', title: t('number'), render: (_, one) => <CopyId value={one.number} /> },
          {
            key: 'difference',
            title: t('difference'),
            render: (_, one) => t(`difference_${one.difference}`),
          },
          { key: 'theirs', title: t('theirs'), align: 'right', render: (_, one) => amountOf(one.theirs) },
          { key: 'ours', title: t('ours'), align: 'right', render: (_, one) => amountOf(one.ours) },
          {
            key: 'state',
            title: t('handled'),
            render: (_, one) => (
              <>
                <State kind={kindOf[one.state]}>{t(`difference_${one.state}`)}</State>
                {one.note ? (
                  <div className="wisp-quiet">
                    <Actor id={one.acknowledgedBy} words={who => t('by', { who, note: one.note })} />
                  </div>
                ) : null}
                {one.state === 'open' ? <Acknowledge mchId={mchId} day={day} difference={one} /> : null}
              </>
            ),
          },
        ]}
      />
    </>
  )

  function amountOf(fen: number | null): string {
    return fen === null ? t('amountNone') : formatYuan(fen)
  }
}
