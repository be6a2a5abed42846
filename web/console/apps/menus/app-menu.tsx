import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { MenuEditor } from './menu-editor.tsx'
import { LastSync, useMenuSync } from './menu-sync.tsx'
import { MenuVersions } from './menu-versions.tsx'
import './menus.css'

/** The menu of an app, as a tab of its page. */
export function AppMenu({ id }: { id: string }): ReactNode {
  return <WithMenu id={id}>{menu => <Menu menu={menu} />}</WithMenu>
}

export function AppMenuVersions({ id }: { id: string }): ReactNode {
  return <WithMenu id={id}>{menu => <MenuVersions menu={menu} />}</WithMenu>
}

function WithMenu(props: { id: string; children(menu: Answer<'/web/apps/menu'>): ReactNode }): ReactNode {
  const { data, error, refetch } = useRead('/web/apps/menu', { id: props.id })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? props.children(data) : <Loading />
}

function Menu({ menu }: { menu: Answer<'/web/apps/menu'> }): ReactNode {
  const sync = useMenuSync(menu.id, menu)
  return (
    <>
      <div className="menus-choice">
        {sync.button}
        <LastSync menu={menu} />
      </div>
      {sync.outcome}
      <MenuEditor menu={menu} />
    </>
  )
}
