import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OpenLink, PageLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'

const SourceForm = later(async () => (await import('./source-form.tsx')).SourceForm)

type Source = Row<'/web/todos/sources'>

/** The value of `open` in the address for a new one. */
const newSource = 'new'
const path = '/web/todos/sources'

/** Systems that send their to-dos in the words of their vendor. */
export function Page(): ReactNode {
  const t = useText('todo-sources')
  const { id, open, close } = useOpen()
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open(newSource)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('sources')} hint={t('sourcesHint')} actions={add} />
      <ListTable
        label={t('sources')}
        path={path}
        columns={useColumns()}
        rowKey={one => one.id}
        onOpen={one => open(one.id)}
        every={30_000}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      <UrlDrawer title={id === newSource ? t('add') : t('sourceOne')}>
        {one =>
          one === newSource ? (
            <SourceForm source={undefined} onDone={close} />
          ) : (
            <Existing key={one} id={one} onDone={close} />
          )
        }
      </UrlDrawer>
    </>
  )
}

function useColumns(): Column<Source>[] {
  const t = useText('todo-sources')
  return [
    {
      key: 'name',
      title: t('name'),
      render: one => (
        <OpenLink id={one.id}>
          <bdi>{one.name}</bdi>
        </OpenLink>
      ),
    },
    { key: 'kind', title: t('kind'), render: one => t(one.kind) },
    {
      key: 'state',
      title: t('state'),
      render: one => <State kind={one.enabled ? 'good' : 'idle'}>{t(one.enabled ? 'isOn' : 'isOff')}</State>,
    },
    { key: 'app', title: t('app'), render: one => <bdi>{one.appName}</bdi> },
    { key: 'match', title: t('match'), wideOnly: true, render: one => t(`match_${one.match}`) },
    {
      key: 'pushedAt',
      title: t('pushedAt'),
      render: one =>
        one.pushedAt ? <Time at={one.pushedAt} /> : <span className="wisp-quiet">{t('neverPushed')}</span>,
    },
    { key: 'unrecognised', title: t('unrecognised'), render: one => <NotUnderstood source={one} /> },
  ]
}

function NotUnderstood(props: { source: Source }): ReactNode {
  const t = useText('todo-sources')
  const { id, unrecognised, waiting } = props.source
  return (
    <>
      {unrecognised === 0 ? (
        <div className="wisp-quiet">0</div>
      ) : (
        <PageLink to="/console/todos/unrecognised" search={{ source: id }}>
          {unrecognised}
        </PageLink>
      )}
      {waiting === 0 ? null : <div className="wisp-quiet">{t('waits', { n: waiting })}</div>}
    </>
  )
}

function Existing(props: { id: string; onDone(): void }): ReactNode {
  const read = useRead(path, { pageSize: 200 })
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const source = read.data.list.find(one => one.id === props.id)
  return source ? <SourceForm source={source} onDone={props.onDone} /> : <NotFound />
}
