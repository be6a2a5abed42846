import { Table } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import './operator.css'
import { Actor } from '../../ui/objects/actor.tsx'
import { WithSecondFactor } from './with-second-factor.tsx'

const path = '/web/corp-lifecycle/removals'
const everyMs = 3000

/** Corps that were deleted whole, or are being deleted at this moment, with what was deleted. */
export function Page(): ReactNode {
  const t = useText('corp-lifecycle')
  return (
    <WithSecondFactor>
      <PageTitle title={t('removalsTitle')} hint={t('removalsHint')} />
      <ListTable
        label={t('removalsTitle')}
        path={path}
        columns={useColumns()}
        rowKey={row => `${row.corpId} ${row.begunAt}`}
        every={everyMs}
        empty={<EmptyState title={t('removalsEmpty')} hint={t('removalsEmptyHint')} />}
      />
    </WithSecondFactor>
  )
}

type Removal = Row<typeof path>

function useColumns(): Column<Removal>[] {
  const t = useText('corp-lifecycle')
  return [
    {
      key: 'name',
      title: t('name'),
      render: row => (
        <>
          {row.name}
          <div>
            <CopyId value={row.corpId} />
          </div>
        </>
      ),
    },
    {
      key: 'state',
      title: t('state'),
      render: row => (
        <State kind={row.endedAt ? 'idle' : 'busy'}>{t(row.endedAt ? 'removed' : 'removing')}</State>
      ),
    },
    { key: 'begun', title: t('begun'), render: row => <Time at={row.begunAt} /> },
    { key: 'ended', title: t('ended'), render: row => <Time at={row.endedAt} none={t('running')} /> },
    { key: 'by', title: t('by'), render: row => <Actor id={row.begunBy} corpId={row.corpId} /> },
    { key: 'reason', title: t('reason'), render: row => row.suspendedReason },
    { key: 'rows', title: t('rows'), render: row => <Deleted removal={row} /> },
  ]
}

function Deleted({ removal: { rows, exportSha256 } }: { removal: Removal }): ReactNode {
  const t = useText('corp-lifecycle')
  const sum = rows.reduce((total, one) => total + one.count, 0)
  return (
    <details className="operator-deleted">
      <summary>{t('rowsIn', { rows: formatNumber(sum), tables: rows.length })}</summary>
      <p className="operator-hash">
        <span className="wisp-quiet">{t('exportHash')}</span> <CopyId value={exportSha256} />
      </p>
      <Table
        size="small"
        pagination={false}
        rowKey="table"
        dataSource={rows}
        columns={[
          { title: t('table'), dataIndex: 'table' },
          { title: t('count'), dataIndex: 'count', align: 'right', render: (n: number) => formatNumber(n) },
        ]}
      />
    </details>
  )
}
