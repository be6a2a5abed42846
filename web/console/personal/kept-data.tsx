import type { ReactNode } from 'react'
import type { Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { useLanguage } from '../../ui/language.ts'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { Names } from './register.tsx'

const path = '/web/personal/kept'

/** What wisp keeps of people, why and how long, and what becomes of it when somebody is erased. */
export function KeptData(): ReactNode {
  const t = useText('personal')
  const language = useLanguage()
  const columns: Column<Row<typeof path>>[] = [
    {
      key: 'what',
      title: t('what'),
      render: row => (
        <>
          {row.what[language]}
          <div className="wisp-quiet">{row.table}</div>
        </>
      ),
    },
    { key: 'why', title: t('why'), render: row => row.why[language] },
    { key: 'kept', title: t('retention'), wideOnly: true, render: row => row.kept[language] },
    {
      key: 'given',
      title: t('given'),
      wideOnly: true,
      render: row =>
        row.given.length > 0 ? <Names list={row.given.map(one => one[language])} /> : t('nobody'),
    },
    { key: 'erased', title: t('atErasure'), render: row => row.erased[language] },
  ]
  return (
    <ListTable
      label={t('viewKept')}
      path={path}
      columns={columns}
      rowKey={row => `${row.table} ${row.what.zh}`}
      empty={<EmptyState title={t('registerEmpty')} />}
    />
  )
}
