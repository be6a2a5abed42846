import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSelect, UrlSelectMany } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { Account } from '../use-account.tsx'
import { path } from './results.tsx'

type Send = Row<'/web/official/templates/sends'>

const states: Record<Send['state'], StateKind> = {
  sending: 'busy',
  sent: 'idle',
  delivered: 'good',
  blocked: 'bad',
  failed: 'bad',
  unknown: 'warn',
}

export function Sends({ account: { originalId } }: { account: Account }): ReactNode {
  const t = useText('official-templates')
  const templates = useRead(path, { originalId, pageSize: 200 }).data?.list ?? []
  return (
    <>
      <Filters>
        <UrlSelectMany
          name="state"
          label={t('state')}
          options={(Object.keys(states) as Send['state'][]).map(state => ({
            value: state,
            label: t(`state_${state}`),
          }))}
        />
        <UrlSelect
          name="templateId"
          label={t('templates')}
          options={templates.map(one => ({ value: one.id, label: `${one.title} · ${t(one.kind)}` }))}
        />
      </Filters>
      <ListTable
        label={t('sends')}
        path="/web/official/templates/sends"
        fixed={{ originalId }}
        filters={['state', 'templateId']}
        columns={useColumns(new Map(templates.map(one => [one.id, one.title])))}
        rowKey={one => one.id}
        empty={<EmptyState title={t('noSends')} hint={t('noSendsHint')} />}
      />
    </>
  )
}

function useColumns(titles: ReadonlyMap<string, string>): Column<Send>[] {
  const t = useText('official-templates')
  return [
    { key: 'at', title: t('at'), render: one => <Time at={one.createdAt} /> },
    {
      key: 'state',
      title: t('state'),
      render: one => <State kind={states[one.state]}>{t(`state_${one.state}`)}</State>,
    },
    {
      key: 'template',
      isSubject: true,
      title: t('name'),
      render: one => titles.get(one.templateId) ?? one.templateId,
    },
    { key: 'kind', title: t('kind'), wideOnly: true, render: one => t(one.kind) },
    {
      key: 'follower',
      title: t('follower'),
      render: one => <span style={{ overflowWrap: 'anywhere' }}>{one.memberName ?? one.openid}</span>,
    },
    { key: 'origin', title: t('origin'), render: one => t(`origin_${one.origin}`) },
    { key: 'reason', title: t('reason'), render: one => one.reason || '—' },
  ]
}
