import { Select, Tabs } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { appAddress } from '../../object-addresses.ts'
import { AppIcon } from '../app-icon.tsx'
import { MenuAttempts } from './menu-attempts.tsx'
import { MenuEditor } from './menu-editor.tsx'
import { LastSync, useMenuSync } from './menu-sync.tsx'
import { MenuVersions } from './menu-versions.tsx'
import './menus.css'

export function Page(): ReactNode {
  const t = useText('menus')
  const [values] = useUrlState()
  const id = values['app'] ?? ''
  const menu = useRead('/web/apps/menu', { id }, { enabled: id !== '' })
  const sync = useMenuSync(id, menu.data)
  // The same list as that of the choice, before anything is searched there.
  const apps = useRead('/web/apps/list', { text: '', pageSize: 200 }, { enabled: id === '' })
  const cannotChoose = apps.error && !apps.data
  return (
    <>
      <PageTitle title={t('title')} hint={t('titleHint')} actions={sync.button} />
      <AppChoice id={id} menu={menu.data} />
      {sync.outcome}
      {id === '' && !cannotChoose ? <EmptyState title={t('chooseHint')} /> : null}
      {cannotChoose ? <ErrorState error={apps.error} retry={() => void apps.refetch()} /> : null}
      {menu.error ? <ErrorState error={menu.error} retry={() => void menu.refetch()} /> : null}
      {id !== '' && menu.isLoading ? <Loading /> : null}
      {menu.data && !menu.error ? <MenuTabs key={id} menu={menu.data} /> : null}
    </>
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
      {props.menu ? <PageLink to={appAddress(props.id)}>{t('goApp')}</PageLink> : null}
    </div>
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
