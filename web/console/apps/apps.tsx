import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useGo } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { later } from '../../ui/fields/later.tsx'
import { type Column, Filters, ListTable, UrlSearch, UrlSelect } from '../../ui/list-table.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { DeletedButton, DeletedDrawer } from '../deleted/deleted-drawer.tsx'
import { appAddress, newObject } from '../object-addresses.ts'
import { AppIcon } from './app-icon.tsx'
import { useAudienceWords } from './audience-words.ts'
import { PopupRule } from './popup-rule.tsx'
import { anyProgram } from './programs/any-program.ts'

const NewApp = later(async () => (await import('./new-app.tsx')).NewApp)
const NewProgram = later(async () => (await import('./programs/new-program.tsx')).NewProgram)

export function Page(): ReactNode {
  const t = useText('apps')
  const signIn = useText('app-sign-in')
  const { open } = useOpen()
  const program = useOpen('program')
  const go = useGo()
  const show = (id: string) => go(appAddress(id))
  // Going back from what was just made leads to the list, not to the empty form.
  const showNew = (id: string) => go(appAddress(id), {}, { replace: true })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open(newObject)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('titleHint')}
        actions={
          <>
            <DeletedButton />
            <Button onClick={() => program.open(anyProgram)}>{signIn('connect')}</Button>
            {add}
          </>
        }
      />
      <AppFilters />
      <ListTable
        label={t('title')}
        path="/web/apps/list"
        filters={['text', 'enabled', 'category', 'developer']}
        columns={useColumns()}
        rowKey={app => app.id}
        onOpen={app => show(app.id)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      <PopupRule />
      <DeletedDrawer kind="app" />
      <UrlDrawer title={t('add')}>{() => <NewApp added={showNew} />}</UrlDrawer>
      <UrlDrawer title={signIn('connectTitle')} name="program">
        {chosen => (
          <NewProgram
            chosen={chosen}
            choose={program.open}
            added={id => go(`${appAddress(id)}/sign-in`, {}, { replace: true })}
          />
        )}
      </UrlDrawer>
    </>
  )
}

function AppFilters(): ReactNode {
  const t = useText('apps')
  const choices = useRead('/web/apps/choices').data
  const developers = choices?.developers.map(({ devId, name }) => ({ value: devId, label: name })) ?? []
  return (
    <Filters>
      <UrlSearch name="text" placeholder={t('search')} width={280} />
      <UrlSelect
        name="enabled"
        label={t('stateFilter')}
        width={110}
        options={[
          { value: '1', label: t('enabled') },
          { value: '0', label: t('disabled') },
        ]}
      />
      <UrlSelect
        name="category"
        label={t('category')}
        options={choices?.categories.map(value => ({ value, label: value })) ?? []}
      />
      <UrlSelect
        name="developer"
        label={t('columnDeveloper')}
        options={[...developers, { value: 'none', label: t('noDeveloper') }]}
      />
    </Filters>
  )
}

function useColumns(): Column<Row<'/web/apps/list'>>[] {
  const t = useText('apps')
  return [
    { key: 'name', title: t('columnName'), sorts: true, render: app => <NameCell app={app} /> },
    {
      key: 'enabled',
      title: t('columnState'),
      render: app => (
        <State kind={app.enabled ? 'good' : 'idle'}>{app.enabled ? t('enabled') : t('disabled')}</State>
      ),
    },
    {
      key: 'category',
      title: t('category'),
      sorts: true,
      wideOnly: true,
      render: app => app.category || '—',
    },
    {
      key: 'audience',
      title: t('columnAudience'),
      render: app => <Audience app={app} />,
    },
    { key: 'menu', title: t('columnMenu'), render: app => <MenuCell app={app} /> },
    {
      key: 'developer',
      title: t('columnDeveloper'),
      wideOnly: true,
      render: app => app.developerName || app.devId || '—',
    },
    { key: 'home', title: t('columnHome'), render: app => <HomeCell app={app} /> },
    {
      key: 'updatedAt',
      title: t('columnUpdated'),
      sorts: true,
      wideOnly: true,
      render: app => (
        <span>
          <Time at={app.updatedAt} />{' '}
          <span className="wisp-quiet">
            <Actor id={app.updatedBy} />
          </span>
        </span>
      ),
    },
  ]
}

/** Whom the app is for, one by one, stands in its settings. */
function Audience({ app }: { app: Row<'/web/apps/list'> }): ReactNode {
  const audienceWords = useAudienceWords()
  const words = audienceWords(app.visible)
  if (app.visible.everyone) return words
  return (
    <PageLink to={appAddress(app.id)} className="wisp-figure">
      {words}
    </PageLink>
  )
}

function NameCell({ app }: { app: Row<'/web/apps/list'> }): ReactNode {
  return (
    <span style={{ display: 'inline-flex', gap: 10, alignItems: 'center' }}>
      <AppIcon {...app} />
      <PageLink to={appAddress(app.id)}>{app.name}</PageLink>
    </span>
  )
}

function MenuCell({ app }: { app: Row<'/web/apps/list'> }): ReactNode {
  const t = useText('apps')
  if (!app.syncMenu)
    return <span className="wisp-quiet">{app.hasMenu ? t('menuManual') : t('menuNone')}</span>
  if (!app.lastSync) return <State kind="warn">{t('menuNotYet')}</State>
  const isBad = app.lastSync.outcome === 'failed'
  return (
    <span title={app.lastSync.error}>
      <State kind={isBad ? 'bad' : 'good'}>{isBad ? t('lastSyncFailed') : t('lastSyncGood')}</State>
    </span>
  )
}

function HomeCell({ app }: { app: Row<'/web/apps/list'> }): ReactNode {
  const t = useText('apps')
  const url = app.homeUrl || app.mobileUrl
  return url ? <span title={url}>{new URL(url).host}</span> : <State kind="warn">{t('homeMissing')}</State>
}
