import type { ReactNode } from 'react'
import type { Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import { Names } from './register.tsx'

const path = '/web/personal/consents'
const shownOfHash = 12

/** Who agreed to what, by which version of the text. */
export function Consents(): ReactNode {
  const t = useText('personal')
  const columns: Column<Row<typeof path>>[] = [
    {
      key: 'person',
      title: t('person'),
      render: row => row.person || t('erasedPerson', { id: row.memberId }),
    },
    { key: 'app', title: t('consentOf'), render: row => row.name || row.subject },
    { key: 'fields', title: t('fields'), render: row => <Names list={row.claims} /> },
    {
      key: 'text',
      title: t('textHash'),
      wideOnly: true,
      render: row => <code title={row.textHash}>{row.textHash.slice(0, shownOfHash)}</code>,
    },
    { key: 'givenAt', title: t('givenAt'), render: row => <Time at={row.givenAt} /> },
    {
      key: 'withdrawnAt',
      title: t('withdrawnAt'),
      render: row => <Time at={row.withdrawnAt} none={t('stands')} />,
    },
  ]
  return (
    <ListTable
      label={t('viewConsents')}
      path={path}
      columns={columns}
      rowKey={row => row.id}
      empty={<EmptyState title={t('consentsEmpty')} />}
    />
  )
}
