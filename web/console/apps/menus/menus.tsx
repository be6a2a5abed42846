import { SyncOutlined } from '@ant-design/icons'
import { Button, Select, Tabs, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { AppIcon } from '../app-icon.tsx'
import { MenuAttempts } from './menu-attempts.tsx'
import { MenuEditor } from './menu-editor.tsx'
import { MenuVersions } from './menu-versions.tsx'
import { SyncOutcomeView } from './sync-outcome.tsx'
import './menus.css'

export function Page(): ReactNode {
  const t = useText('menus')
  const [values] = useUrlState()
  const id = values['app'] ?? ''
  const menu = useRead('/web/apps/menu', { id }, { enabled: id !== '' })
  const [outcome, setOutcome] = useState<{ id: string; sync: Answer<'/web/apps/menu/sync'> }>()
  const sync = useAct('/web/apps/menu/sync', { refresh: ['/web/apps/'] })
  const press = async () => {
    setOutcome(undefined)
    const done = await sync.run({ id })
    if (done) setOutcome({ id, sync: done })
  }
  return (
    <>
      <PageTitle
        title={t('title')}
        hint={t('titleHint')}
        actions={<SyncButton menu={menu.data} isRunning={sync.isRunning} onPress={() => void press()} />}
      />
      <AppChoice id={id} menu={menu.data} />
      {outcome?.id === id ? (
        <div style={{ marginBottom: 16 }}>
          <SyncOutcomeView outcome={outcome.sync} onClose={() => setOutcome(undefined)} />
        </div>
      ) : null}
      {id === '' ? <EmptyState title={t('chooseHint')} /> : null}
      {menu.error ? <ErrorState error={menu.error} retry={() => void menu.refetch()} /> : null}
      {id !== '' && menu.isLoading ? <Loading /> : null}
      {menu.data && !menu.error ? <MenuTabs key={id} menu={menu.data} /> : null}
    </>
  )
}

/** Disabled with an explanation for apps that do not sync (docs/interface/apps.md#menu-of-an-app). */
function SyncButton(props: {
  menu: Answer<'/web/apps/menu'> | undefined
  isRunning: boolean
  onPress(): void
}): ReactNode {
  const t = useText('menus')
  const reason = props.menu ? props.menu.notSynced : t('chooseHint')
  const button = (
    <Button
      type="primary"
      icon={<SyncOutlined />}
      loading={props.isRunning}
      disabled={reason !== null}
      onClick={props.onPress}
    >
      {t('sync')}
    </Button>
  )
  if (reason === null) return button
  return (
    <Tooltip title={reason}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a disabled button takes no focus, and the reason must be read. */}
      <span tabIndex={0} role="note" aria-label={`${t('sync')}: ${reason}`}>
        {button}
      </span>
    </Tooltip>
  )
}

function AppChoice(props: { id: string; menu: Answer<'/web/apps/menu'> | undefined }): ReactNode {
  const t = useText('menus')
  const [words, setWords] = useState('')
  const [, set] = useUrlState()
  const apps = useRead('/web/apps/list', { text: words.trim(), pageSize: 200 }, { keep: true })
  const list = apps.data?.list ?? []
  const known = list.some(app => app.id === props.id) || !props.menu
  const options = list.map(app => ({ value: app.id, label: app.name, app }))
  const chosen = props.menu && !known ? [{ value: props.id, label: props.menu.name, app: undefined }] : []
  return (
    <div className="menus-choice">
      <Select
        aria-label={t('chooseApp')}
        placeholder={t('chooseApp')}
        style={{ width: 280, maxWidth: '100%' }}
        value={props.id || null}
        loading={apps.isFetching}
        showSearch={{ filterOption: false, onSearch: setWords }}
        options={[...chosen, ...options]}
        optionRender={({ data }) => (
          <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
            {data.app ? <AppIcon {...data.app} size={20} /> : null}
            {data.label}
          </span>
        )}
        onChange={app => set({ app, tab: undefined, open: undefined, pageNo: undefined })}
      />
      {props.menu ? <LastSync menu={props.menu} /> : null}
      {props.menu ? (
        <PageLink to="/console/apps" search={{ open: props.id }}>
          {t('goApp')}
        </PageLink>
      ) : null}
    </div>
  )
}

function LastSync({ menu }: { menu: Answer<'/web/apps/menu'> }): ReactNode {
  const t = useText('menus')
  const last = menu.lastAttempt
  if (!menu.syncMenu || !last) return null
  const isBad = last.outcome === 'failed'
  const [before = '', behind = ''] = t(isBad ? 'lastFailed' : 'lastGood').split('{time}')
  return (
    <State kind={isBad ? 'bad' : 'good'}>
      {before}
      <Time at={last.at} />
      {behind}
    </State>
  )
}

function MenuTabs({ menu }: { menu: Answer<'/web/apps/menu'> }): ReactNode {
  const t = useText('menus')
  const [values, set] = useUrlState()
  return (
    <Tabs
      activeKey={values['tab'] ?? 'menu'}
      onChange={tab => set({ tab: tab === 'menu' ? undefined : tab, pageNo: undefined, open: undefined })}
      destroyOnHidden
      items={[
        { key: 'menu', label: t('title'), children: <MenuEditor menu={menu} /> },
        { key: 'versions', label: t('versions'), children: <MenuVersions menu={menu} /> },
        { key: 'attempts', label: t('attempts'), children: <MenuAttempts id={menu.id} /> },
      ]}
    />
  )
}
