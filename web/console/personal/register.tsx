import type { ReactNode } from 'react'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber, formatTime } from '../../ui/values/format.ts'

const path = '/web/personal/register'

/** Which developer and app gets which fields. */
export function Register(): ReactNode {
  const t = useText('personal')
  const columns: Column<Row<typeof path>>[] = [
    { key: 'name', title: t('recipient'), render: row => row.name || row.id },
    { key: 'kind', title: t('kind'), render: row => t(row.kind === 'app' ? 'kindApp' : 'kindDeveloper') },
    { key: 'by', title: t('by'), render: row => <Names list={row.by} /> },
    { key: 'fields', title: t('fields'), wideOnly: true, render: row => <Names list={row.fields} /> },
    { key: 'since', title: t('since'), wideOnly: true, render: row => row.since ?? '—' },
    { key: 'last', title: t('last'), render: row => row.last ?? '—' },
    { key: 'people', title: t('people'), align: 'right', render: row => formatNumber(row.people) },
  ]
  const { data } = useRead(path, { pageSize: 1 })
  return (
    <>
      {data && (
        <p className="wisp-quiet">
          {data.countedAt ? t('countedAt', { at: formatTime(data.countedAt) }) : t('counting')}
        </p>
      )}
      <ListTable
        label={t('view')}
        path={path}
        columns={columns}
        rowKey={row => `${row.kind} ${row.id}`}
        empty={<EmptyState title={t('registerEmpty')} />}
      />
    </>
  )
}

export function Names({ list }: { list: readonly string[] }): ReactNode {
  return list.length === 0 ? '—' : <span style={{ overflowWrap: 'anywhere' }}>{list.join('、')}</span>
}
