import type { ReactNode } from 'react'
import { useGo, usePathPart } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { later } from '../../ui/fields/later.tsx'
import { ObjectPage } from '../../ui/objects/object-page.tsx'
import { Parts } from '../../ui/objects/parts.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { appAddress } from '../object-addresses.ts'
import type { TabOf } from '../object-tabs.ts'
import { AppActions } from './app-actions.tsx'
import { AppIcon } from './app-icon.tsx'
import { AppSettings } from './app-settings.tsx'

const AppMenu = later(async () => (await import('./menus/app-menu.tsx')).AppMenu)
const AppMenuVersions = later(async () => (await import('./menus/app-menu.tsx')).AppMenuVersions)
const MenuAttempts = later(async () => (await import('./menus/menu-attempts.tsx')).MenuAttempts)
const SignInTab = later(async () => (await import('./sign-in/sign-in-tab.tsx')).SignInTab)
const TodosTab = later(async () => (await import('./todos/todos-tab.tsx')).TodosTab)

const list = '/console/apps'

export function Page(): ReactNode {
  const id = usePathPart('id')
  return <OneApp key={id} id={id} />
}

function OneApp({ id }: { id: string }): ReactNode {
  const t = useText('apps')
  const menus = useText('menus')
  const signIn = useText('app-sign-in')
  const todos = useText('todo-console')
  const console = useText('console')
  const go = useGo()
  const read = useRead('/web/apps/app', { id })
  return (
    <ObjectPage
      address={appAddress(id)}
      kind={console('app')}
      list={{ to: list, title: t('title') }}
      read={read}
      show={app => ({
        name: app.name,
        id,
        icon: <AppIcon {...app} size={48} />,
        state: <State kind={app.enabled ? 'good' : 'idle'}>{t(app.enabled ? 'enabled' : 'disabled')}</State>,
        acts: <AppActions app={app} onRemoved={() => go(list)} />,
        tabs: [
          {
            key: 'settings',
            title: t('tabSettings'),
            children: <AppSettings app={app} reread={() => read.refetch()} />,
          },
          ...(app.isBuiltin
            ? []
            : ([
                { key: 'sign-in', title: signIn('tab'), children: <SignInTab id={id} /> },
                { key: 'todos', title: todos('todo'), children: <TodosTab id={id} /> },
                {
                  key: 'menu',
                  title: menus('title'),
                  children: (
                    <Parts
                      parts={[
                        { key: 'menu', title: menus('title'), children: <AppMenu id={id} /> },
                        { key: 'versions', title: menus('versions'), children: <AppMenuVersions id={id} /> },
                        { key: 'attempts', title: menus('attempts'), children: <MenuAttempts id={id} /> },
                      ]}
                    />
                  ),
                },
              ] satisfies TabOf<'app'>[])),
        ] satisfies TabOf<'app'>[],
      })}
    />
  )
}
