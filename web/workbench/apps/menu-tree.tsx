import { type KeyboardEvent, type ReactNode, useState } from 'react'
import type { Menu, MenuItem } from '../../../server/features/apps/menus/menu.ts'
import { Icon } from '../icons.tsx'

type Props = { menu: Menu; path: string | undefined; onGo(path: string): void }

/**
 * The app's menu: headings open and close, entries lead to pages. The up and down keys move through the
 * visible items.
 */
export function MenuTree(props: Props): ReactNode {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons within are what is pressed.
    <div className="wb-menu" onKeyDown={walk}>
      <Level {...props} />
    </div>
  )
}

function Level({ menu, path, onGo }: Props): ReactNode {
  return (
    <ul>
      {menu.map((item, index) => (
        <Entry key={index} item={item} path={path} onGo={onGo} />
      ))}
    </ul>
  )
}

function Entry({
  item,
  path,
  onGo,
}: {
  item: MenuItem
  path: string | undefined
  onGo: Props['onGo']
}): ReactNode {
  const [isOpen, setOpen] = useState(true)
  const isBranch = item.children.length > 0
  const isHere = item.path !== '' && item.path === path
  const press = () => {
    if (item.path !== '') onGo(item.path)
    else setOpen(!isOpen)
  }
  return (
    <li>
      <span className="wb-menu-row">
        <button
          type="button"
          className="wb-menu-entry"
          aria-current={isHere ? 'page' : undefined}
          aria-expanded={isBranch && item.path === '' ? isOpen : undefined}
          onClick={press}
        >
          {item.name}
        </button>
        {isBranch ? (
          <button
            type="button"
            className={isOpen ? 'wb-menu-fold wb-open' : 'wb-menu-fold'}
            aria-label={item.name}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="chevron" size={14} />
          </button>
        ) : null}
      </span>
      {isBranch && isOpen ? <Level menu={item.children} path={path} onGo={onGo} /> : null}
    </li>
  )
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  const all = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.wb-menu-entry')]
  const at = all.indexOf(document.activeElement as HTMLButtonElement)
  if (at < 0) return
  if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
    const fold = all[at]?.parentElement?.querySelector<HTMLButtonElement>('.wb-menu-fold')
    const isOpen = fold?.getAttribute('aria-expanded') === 'true'
    if (fold && isOpen === (event.key === 'ArrowLeft')) fold.click()
    return
  }
  if (step === 0) return
  event.preventDefault()
  all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus()
}
