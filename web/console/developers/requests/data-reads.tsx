import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable, useList } from '../../../ui/list-table.tsx'
import { MemberPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber, written } from '../../../ui/values/format.ts'
import { usePersonalFields } from '../../../ui/values/personal-fields.ts'

const path = '/web/developers/data-reads'
const question = { filters: ['userId', 'devId', 'from', 'to'] } as const

/** Chooses whose data was read. */
export function ReadMember(): ReactNode {
  const t = useText('requests')
  const [values, set] = useUrlState()
  const { userId = '' } = values
  const { read } = useList(path, question)
  return (
    <div style={{ width: 200 }}>
      <MemberPicker
        single
        label={t('readOf')}
        placeholder={t('readOf')}
        value={userId ? [{ userId, name: read.data?.member || userId }] : []}
        onChange={picked => set({ userId: picked[0]?.userId, pageNo: undefined })}
      />
    </div>
  )
}

/** Which developer got whose data, answer by answer. */
export function DataReads(): ReactNode {
  const t = useText('requests')
  const { data } = useList(path, question).read
  if (data?.days === 0) return <Alert type="info" showIcon title={t('readOff')} />
  return (
    <>
      {data ? <p className="wisp-quiet">{t('readKept', { n: formatNumber(data.days) })}</p> : null}
      <ListTable
        label={t('people')}
        path={path}
        columns={useColumns()}
        rowKey={row => `${row.at} ${row.devId} ${row.path} ${row.fields.join()}`}
        {...question}
        empty={<EmptyState title={t('readEmpty')} hint={t('readEmptyHint')} />}
      />
    </>
  )
}

function useColumns(): Column<Row<typeof path>>[] {
  const t = useText('requests')
  const fieldsOf = usePersonalFields()
  return [
    { key: 'at', title: t('readAt'), render: row => written(row.at, { to: 'second' }) },
    { key: 'developer', isSubject: true, title: t('developer'), render: row => row.developer || t('gone') },
    {
      key: 'who',
      title: t('readWho'),
      render: row =>
        row.people > row.names.length
          ? t('readMore', { names: row.names.join('、'), n: formatNumber(row.people) })
          : row.names.join('、'),
    },
    {
      key: 'fields',
      title: t('readFields'),
      render: row => <span style={{ whiteSpace: 'normal' }}>{fieldsOf(row.fields)}</span>,
    },
    {
      key: 'call',
      title: t('call'),
      render: row => <span style={{ overflowWrap: 'anywhere' }}>{row.path}</span>,
    },
  ]
}
