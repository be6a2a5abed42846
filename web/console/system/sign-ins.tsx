import { DownloadOutlined } from '@ant-design/icons'
import { Button, Descriptions } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink } from '../../ui/address/page-link.tsx'
import { UrlRange } from '../../ui/address/range.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { addressOf, type Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ExportLink } from '../../ui/export-link.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import {
  type Column,
  Filters,
  ListTable,
  UrlSearch,
  UrlSelect,
  UrlSelectMany,
  useList,
} from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'

const path = '/web/sign-ins'
const filters = ['appId', 'person', 'way', 'result', 'number', 'from', 'to'] as const
type SignIn = Row<typeof path>

/** Who signed in to what, and who was refused. */
export function Page(): ReactNode {
  const t = useText('sign-ins')
  const { open } = useOpen()
  const columns = useColumns()
  const { data } = useList(path, { filters }).read
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('hint', { days: data?.days ?? '…' })}
        actions={
          <>
            <LinesLink />
            <ExportLink path="/web/sign-ins/export" filters={filters} />
          </>
        }
      />
      <SignInFilters />
      <ListTable
        label={t('title')}
        path={path}
        columns={columns}
        rowKey={one => one.id}
        filters={filters}
        onOpen={one => open(one.id)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} />}
      />
      <UrlDrawer title={t('detail')}>{id => <One id={id} />}</UrlDrawer>
    </>
  )
}

/** The same rows for programs. */
function LinesLink(): ReactNode {
  const t = useText('sign-ins')
  const [values] = useUrlState()
  const chosen = Object.fromEntries(filters.map(name => [name, values[name]]))
  return (
    <Button
      icon={<DownloadOutlined />}
      href={addressOf('/web/sign-ins/export', { ...chosen, format: 'jsonl' } as never)}
      download
    >
      {t('jsonLines')}
    </Button>
  )
}

function SignInFilters(): ReactNode {
  const t = useText('sign-ins')
  const apps = useRead('/web/apps/list', { pageSize: 200, sort: 'name' }).data?.list ?? []
  const names = useRead('/web/sign-ins/ways').data?.list ?? []
  return (
    <Filters>
      <UrlSearch name="person" placeholder={t('personSearch')} width={180} />
      <UrlSelect
        name="appId"
        label={t('app')}
        width={180}
        options={[
          { value: 'wisp', label: t('itself') },
          ...apps.map(one => ({ value: one.id, label: one.name })),
        ]}
      />
      <UrlSelectMany
        name="way"
        label={t('way')}
        width={150}
        options={names.map(({ way, name }) => ({ value: way, label: name }))}
      />
      <UrlSelect
        name="result"
        label={t('result')}
        width={110}
        options={[
          { value: 'succeeded', label: t('succeeded') },
          { value: 'refused', label: t('refused') },
        ]}
      />
      <UrlSearch name="number" placeholder={t('numberSearch')} width={200} />
      <UrlRange />
    </Filters>
  )
}

function Result({ signIn }: { signIn: SignIn }): ReactNode {
  const t = useText('sign-ins')
  if (signIn.reason === '') return <State kind="good">{t('succeeded')}</State>
  return <State kind="bad">{signIn.why}</State>
}

function Who({ signIn }: { signIn: SignIn }): ReactNode {
  const t = useText('sign-ins')
  const { userId, userName } = signIn
  if (userId === '' && userName === '') return <span className="wisp-quiet">{t('nobody')}</span>
  return (
    <>
      {userName || userId} <span className="wisp-quiet">{userName ? userId : ''}</span>
    </>
  )
}

function useColumns(): Column<SignIn>[] {
  const t = useText('sign-ins')
  return [
    {
      key: 'when',
      title: t('when'),
      render: one => (
        <OpenLink id={one.id}>
          <Time at={one.at} />
        </OpenLink>
      ),
    },
    { key: 'who', isSubject: true, title: t('who'), render: one => <Who signIn={one} /> },
    { key: 'app', title: t('app'), render: one => one.appName || t('itself') },
    { key: 'way', title: t('way'), render: one => one.wayName },
    { key: 'result', title: t('result'), render: one => <Result signIn={one} /> },
    { key: 'address', title: t('address'), wideOnly: true, render: one => one.address },
  ]
}

function One({ id }: { id: string }): ReactNode {
  const t = useText('sign-ins')
  const clientName = useClientName()
  const { data, error, refetch } = useRead('/web/sign-ins/one', { id: Number(id) })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const { acr, amr, released, userAgent } = data
  const level = acr === 1 || acr === 2 || acr === 3 ? t(`acr_${acr}`) : '—'
  const items: [string, ReactNode][] = [
    [t('result'), <Result key="result" signIn={data} />],
    ...(data.detail ? [[t('saidMore'), data.detail] satisfies [string, ReactNode]] : []),
    [t('who'), <Who key="who" signIn={data} />],
    [t('app'), data.appName || t('itself')],
    [t('way'), data.wayName],
    [t('acr'), [level, amr.join(' ')].filter(Boolean).join(' · ')],
    [t('given'), released.length > 0 ? released.join('、') : t('givenNone')],
    [t('when'), <Time key="when" at={data.at} />],
    [t('address'), data.address],
    [t('device'), clientName(userAgent) || t('unknownDevice')],
    [t('number'), <CopyId key="number" value={data.number} />],
  ]
  return (
    <Descriptions
      column={1}
      size="small"
      items={items.map(([label, children]) => ({ key: label, label, children }))}
    />
  )
}
