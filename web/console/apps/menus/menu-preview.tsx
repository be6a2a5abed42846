import { Menu, type MenuProps } from 'antd'
import type { ReactNode } from 'react'
import type { Menu as AppMenuTree, MenuItem } from '../../../../server/features/apps/menus/menu.ts'
import { useText } from '../../../ui/text.ts'
import { AppIcon } from '../app-icon.tsx'

type Items = NonNullable<MenuProps['items']>

/** The menu as the workbench displays it beside the app. */
export function MenuPreview(props: {
  menu: AppMenuTree
  app: { id: string; name: string; iconHash?: string | null }
}): ReactNode {
  const t = useText('menus')
  const { menu, app } = props
  return (
    <section className="menus-panel" aria-label={t('preview')}>
      <h2 className="menus-head">{t('preview')}</h2>
      <div className="menus-frame">
        <div className="menus-frame-head">
          <AppIcon {...app} size={24} />
          <span>{app.name}</span>
        </div>
        {menu.length === 0 ? (
          <div className="wisp-quiet" style={{ padding: 16 }}>
            {t('empty')}
          </div>
        ) : (
          // The key resets which headings are open when the menu's structure changes.
          <Menu
            key={shapeOf(menu)}
            mode="inline"
            defaultOpenKeys={groupKeys(menu, '')}
            items={items(menu, '', t('unnamed'))}
          />
        )}
      </div>
    </section>
  )
}

function items(menu: readonly MenuItem[], at: string, unnamed: string): Items {
  return menu.map((item, index) => {
    const key = `${at}/${index}`
    const label = item.name || unnamed
    const title = item.path
    return item.children.length > 0
      ? { key, label, title, children: items(item.children, key, unnamed) }
      : { key, label, title }
  })
}

function groupKeys(menu: readonly MenuItem[], at: string): string[] {
  return menu.flatMap((item, index) =>
    item.children.length > 0 ? [`${at}/${index}`, ...groupKeys(item.children, `${at}/${index}`)] : [],
  )
}

function shapeOf(menu: readonly MenuItem[]): string {
  return menu.map(item => (item.children.length > 0 ? `(${shapeOf(item.children)})` : '.')).join('')
}
