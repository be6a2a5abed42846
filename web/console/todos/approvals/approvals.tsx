import type { ReactNode } from 'react'
import { OpenLink, PageLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, Filters, type ListQuestion, ListTable, UrlSelect } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

const ApprovalDetail = later(async () => (await import('./approval-detail.tsx')).ApprovalDetail)

const path = '/web/approvals'
type Approval = Row<typeof path>
const question = { filters: ['status', 'stuckDays'] } as const satisfies ListQuestion<typeof path>
const filtered = ['pending', 'approved', 'rejected', 'withdrawn', 'revoked'] as const
const days = ['1', '3', '7'] as const

/** Approvals of the templates that wisp follows, and who has them since when. */
export function Page(): ReactNode {
  const t = useText('approvals')
  const { open } = useOpen()
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={<PageLink to="/console/todos/approval-settings">{t('settings')}</PageLink>}
      />
      <Filters>
        <UrlSelect
          name="status"
          label={t('status')}
          width={140}
          options={filtered.map(value => ({ value, label: t(value) }))}
        />
        <UrlSelect
          name="stuckDays"
          label={t('waits')}
          width={160}
          options={days.map(value => ({ value, label: t('waitsDays', { days: value }) }))}
        />
      </Filters>
      <ListTable
        label={t('title')}
        path={path}
        columns={useColumns()}
        rowKey={row => row.id}
        onOpen={row => open(String(row.id))}
        {...question}
        every={30_000}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
      <UrlDrawer title={t('one')}>{id => <ApprovalDetail key={id} id={Number(id)} />}</UrlDrawer>
    </>
  )
}

function useColumns(): Column<Approval>[] {
  const t = useText('approvals')
  return [
    {
      key: 'name',
      title: t('name'),
      render: row => (
        <OpenLink id={String(row.id)}>
          <bdi>{t('ofWhom', { name: row.userName, template: row.name })}</bdi>
        </OpenLink>
      ),
    },
    { key: 'status', title: t('status'), render: row => <ApprovalState status={row.status} /> },
    { key: 'waits', title: t('waitsFor'), render: row => <bdi>{row.waitNames.join('、') || '—'}</bdi> },
    { key: 'since', title: t('since'), render: row => <Time at={row.since} /> },
    { key: 'createdAt', title: t('createdAt'), wideOnly: true, render: row => <Time at={row.createdAt} /> },
  ]
}

const kinds = {
  applying: 'busy',
  unknown: 'warn',
  pending: 'busy',
  approved: 'good',
  rejected: 'bad',
  withdrawn: 'idle',
  revoked: 'idle',
  deleted: 'idle',
  paid: 'good',
} as const

function ApprovalState({ status }: { status: Approval['status'] }): ReactNode {
  const t = useText('approvals')
  return <State kind={kinds[status]}>{t(status)}</State>
}
