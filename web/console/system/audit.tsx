import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { UrlRange } from '../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../ui/list-table.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import './system.css'
import { later } from '../../ui/fields/later.tsx'

const AuditDetail = later(async () => (await import('./audit-detail.tsx')).AuditDetail)

const filters = ['actor', 'act', 'target', 'from', 'to', 'scope'] as const

export function Page(): ReactNode {
  const t = useText('system')
  const { isSystem } = useSession()
  const { open } = useOpen()
  const [values] = useUrlState()
  const columns = useColumns(values['scope'] === 'all')
  return (
    <>
      <PageTitle
        title={t('auditTitle')}
        hint={t('auditHint')}
        actions={<ExportLink path="/web/audit/export" filters={filters} />}
      />
      <Filters>
        <UrlSearch name="actor" placeholder={t('actorSearch')} width={180} />
        <ActChoice />
        <UrlSearch name="target" placeholder={t('targetSearch')} width={170} />
        <UrlRange />
        {isSystem ? (
          <UrlSelect
            name="scope"
            label={t('corpScope')}
            width={120}
            options={[{ value: 'all', label: t('allCorps') }]}
          />
        ) : null}
      </Filters>
      <ListTable
        label={t('auditTitle')}
        path="/web/audit"
        columns={columns}
        rowKey={row => row.id}
        filters={filters}
        defaultSort="-at"
        onOpen={row => open(row.id)}
        empty={<EmptyState title={t('auditEmpty')} />}
      />
      <UrlDrawer title={t('detail')}>{id => <Entry id={id} />}</UrlDrawer>
    </>
  )
}

function useColumns(withCorp: boolean): Column<Row<'/web/audit'>>[] {
  const t = useText('system')
  return [
    { key: 'act', title: t('act'), render: row => <OpenLink id={row.id}>{row.actName}</OpenLink> },
    {
      key: 'target',
      title: t('target'),
      render: row => <Named id={row.target} name={row.targetName} />,
    },
    { key: 'actor', title: t('actor'), render: row => <ActorCell row={row} /> },
    ...(withCorp
      ? [
          {
            key: 'corp',
            title: t('corp'),
            render: (row: Row<'/web/audit'>) => <CorpName corpId={row.corpId} />,
          },
        ]
      : []),
    { key: 'address', title: t('address'), render: row => row.address || '—' },
    { key: 'at', title: t('when'), sorts: true, render: row => <Time exact at={row.at} /> },
  ]
}

function CorpName(props: { corpId: string | null }): ReactNode {
  const t = useText('system')
  const { corps } = useSession()
  if (props.corpId === null) return t('installation')
  return corps.find(corp => corp.corpId === props.corpId)?.name ?? props.corpId
}

/** The name at that time; without one the id, of which no more than tells it from others. */
function Named(props: { id: string; name: string }): ReactNode {
  const { id, name } = props
  const short = id.length > 24 ? `${id.slice(0, 12)}…` : id
  return (
    <span className="system-target" title={id}>
      {name || short}
    </span>
  )
}

/** The name at that time; in the detail with the account of a person beside it. */
function ActorCell({ row, isWhole }: { row: Row<'/web/audit'>; isWhole?: boolean }): ReactNode {
  const isPerson = row.actorName !== '' && row.actorName !== row.actor
  return (
    <span className="system-target">
      <Actor id={row.actor} name={row.actorName} corpId={row.corpId} />
      {isWhole && isPerson ? (
        <span className="wisp-quiet"> {row.actor.replace(/^developer:/, '')}</span>
      ) : null}
    </span>
  )
}

function NameAndId(props: { id: string; name: string }): ReactNode {
  return (
    <span className="system-target">
      {props.name || props.id}
      {props.name && props.name !== props.id ? <span className="wisp-quiet"> {props.id}</span> : null}
    </span>
  )
}

function ActChoice(): ReactNode {
  const t = useText('system')
  const [values] = useUrlState()
  const { data } = useRead('/web/audit/acts', { scope: values['scope'] === 'all' ? 'all' : '' })
  const options = (data?.list ?? []).map(({ act, name }) => ({ value: act, label: name }))
  return <UrlSelect name="act" label={t('act')} options={options} width={150} />
}

function Entry(props: { id: string }): ReactNode {
  const t = useText('system')
  const { data, error, refetch } = useRead('/web/audit/entry', { id: Number(props.id) })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      <Descriptions
        column={1}
        size="small"
        items={[
          { key: 'act', label: t('act'), children: data.actName },
          {
            key: 'target',
            label: t('target'),
            children: <NameAndId id={data.target} name={data.targetName} />,
          },
          { key: 'actor', label: t('actor'), children: <ActorCell row={data} isWhole /> },
          { key: 'address', label: t('address'), children: data.address || '—' },
          { key: 'corp', label: t('corp'), children: <CorpName corpId={data.corpId} /> },
          { key: 'when', label: t('when'), children: <Time exact at={data.at} /> },
        ]}
      />
      <AuditDetail entry={data} />
    </>
  )
}
