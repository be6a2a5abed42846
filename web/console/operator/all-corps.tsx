import { Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useGo } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect, UrlSelectMany } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { corpAddress } from '../object-addresses.ts'
import { CorpFigure, type CorpFigureName } from './corp-figure.tsx'
import { Health, LastSync, WorstQuota } from './corp-words.tsx'
import './operator-pages.css'
import { WithSecondFactor } from './with-second-factor.tsx'

const filters = ['search', 'health', 'suspended', 'quota'] as const

/** Every corp of the installation, for the operator. */
export function Page(): ReactNode {
  const t = useText('operator')
  return (
    <WithSecondFactor>
      <PageTitle
        title={t('title')}
        hint={t('hint')}
        actions={
          <>
            <ExportLink path="/web/operator/corps/export" filters={filters} />
            <Button href="/console/system/corps">{t('connect')}</Button>
          </>
        }
      />
      <CorpFilters />
      <CorpList />
    </WithSecondFactor>
  )
}

function CorpFilters(): ReactNode {
  const t = useText('operator')
  return (
    <Filters>
      <UrlSearch name="search" placeholder={t('search')} />
      <UrlSelectMany
        name="health"
        label={t('health')}
        width={120}
        options={(['failing', 'warning', 'ok'] as const).map(value => ({ value, label: t(value) }))}
      />
      <UrlSelect
        name="suspended"
        label={t('suspension')}
        width={130}
        options={[
          { value: '1', label: t('suspended') },
          { value: '0', label: t('notSuspended') },
        ]}
      />
      <UrlSelect
        name="quota"
        label={t('quotas')}
        options={[
          { value: 'near', label: t('quotaNear') },
          { value: 'full', label: t('quotaFull') },
          { value: 'set', label: t('quotaSet') },
        ]}
      />
    </Filters>
  )
}

function CorpList(): ReactNode {
  const t = useText('operator')
  const go = useGo()
  const number = (key: CorpFigureName): Column<Row<'/web/operator/corps'>> => ({
    key,
    title: t(key),
    sorts: true,
    align: 'right',
    render: corp => <CorpFigure corp={corp} name={key} />,
  })
  const columns: Column<Row<'/web/operator/corps'>>[] = [
    {
      key: 'name',
      title: t('name'),
      sorts: true,
      width: 220,
      render: corp => (
        <span className="operator-name">
          <PageLink to={corpAddress(corp.corpId)}>{corp.name}</PageLink>
          <CopyId value={corp.corpId} />
        </span>
      ),
    },
    { key: 'health', title: t('health'), sorts: true, render: corp => <Health corp={corp} /> },
    number('members'),
    { ...number('departments'), wideOnly: true },
    { ...number('developers'), wideOnly: true },
    number('callsToday'),
    { ...number('calls'), wideOnly: true },
    number('messagesToday'),
    { ...number('messages'), wideOnly: true },
    { key: 'lastSync', title: t('lastSync'), sorts: true, render: corp => <LastSync corp={corp} /> },
    { key: 'quotas', title: t('quotas'), render: corp => <WorstQuota corp={corp} /> },
  ]
  return (
    <ListTable
      label={t('title')}
      path="/web/operator/corps"
      columns={columns}
      rowKey={corp => corp.corpId}
      filters={filters}
      defaultSort="-health"
      onOpen={corp => go(corpAddress(corp.corpId))}
      empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
    />
  )
}
