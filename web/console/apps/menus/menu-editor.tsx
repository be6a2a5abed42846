import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  DeleteOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  PlusOutlined,
} from '@ant-design/icons'
import { Alert, Button, Tooltip, Tree, type TreeProps } from 'antd'
import type { DataNode } from 'antd/es/tree'
import { type ReactNode, useEffect, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import {
  addItem,
  changeItem,
  type Draft,
  dropItem,
  findItem,
  moveItem,
  newItem,
  positionOf,
  removeItem,
  type Step,
  toDraft,
  toMenu,
} from './menu-draft.ts'
import { ItemFields } from './menu-item.tsx'
import { MenuPreview } from './menu-preview.tsx'

/**
 * The tree of an app's menu. It is edited by dragging or with buttons, and is read-only for an app whose menu
 * is synced. When somebody else saves in the meantime, the edited tree stays, and saving it is refused with an
 * explanation.
 */
export function MenuEditor({ menu }: { menu: Answer<'/web/apps/menu'> }): ReactNode {
  const [base, setBase] = useState(menu)
  const [isDirty, setDirty] = useState(false)
  const shown = isDirty ? base : menu
  if (shown !== base) setBase(shown)
  return <Editing key={shown.n ?? 0} menu={shown} onDirty={setDirty} />
}

function Editing({
  menu,
  onDirty,
}: {
  menu: Answer<'/web/apps/menu'>
  onDirty(isDirty: boolean): void
}): ReactNode {
  const t = useText('menus')
  const unsaved = useUnsaved()
  const [saved] = useState(() => toDraft(menu.menu))
  const [draft, setDraft] = useState(saved)
  const [selected, setSelected] = useState('')
  const isReadOnly = menu.syncMenu
  const isDirty = draft !== saved && !isReadOnly
  useEffect(() => {
    if (isDirty) unsaved.touch()
    else unsaved.clear()
    onDirty(isDirty)
  }, [isDirty, unsaved, onDirty])
  const edit = (next: Draft | undefined) => next && setDraft(next)
  const add = (parentKey: string | undefined) => {
    const item = newItem()
    setDraft(addItem(draft, parentKey, item))
    setSelected(item.key)
  }
  const item = findItem(draft, selected)
  return (
    <div className="menus-columns">
      <section className="menus-panel" aria-label={t('editor')}>
        {isReadOnly ? <Alert type="info" showIcon title={t('readOnly')} /> : null}
        {isReadOnly ? null : (
          <Toolbar
            draft={draft}
            selected={item?.key}
            onAdd={() => add(undefined)}
            onAddBelow={() => add(item?.key)}
            onStep={step => edit(moveItem(draft, selected, step))}
            onRemove={() => setDraft(removeItem(draft, selected))}
          />
        )}
        {draft.length === 0 ? (
          <EmptyState title={t('empty')} hint={t(isReadOnly ? 'emptySynced' : 'emptyHint')} />
        ) : (
          <MenuTree
            draft={draft}
            selected={selected}
            onSelect={setSelected}
            {...(isReadOnly ? {} : { onDrop: edit })}
          />
        )}
        {item && !isReadOnly ? (
          <ItemFields
            key={item.key}
            item={item}
            homeUrl={menu.homeUrl}
            onChange={change => setDraft(changeItem(draft, item.key, change))}
          />
        ) : null}
        {isDirty ? (
          <SaveBar
            menu={menu}
            draft={draft}
            onDiscard={() => setDraft(saved)}
            onSaved={() => onDirty(false)}
            onBad={setSelected}
          />
        ) : null}
      </section>
      <MenuPreview menu={toMenu(draft)} app={menu} />
    </div>
  )
}

function MenuTree(props: {
  draft: Draft
  selected: string
  onSelect(key: string): void
  onDrop?: (draft: Draft) => void
}): ReactNode {
  const t = useText('menus')
  const { draft, onDrop } = props
  // Stores the folded items instead of the open ones, so that an item that is added or moved is visible.
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const drop: TreeProps['onDrop'] = ({ dragNode, node, dropToGap, dropPosition }) => {
    const index = Number(node.pos.split('-').at(-1))
    const where = !dropToGap ? 'into' : dropPosition < index ? 'before' : 'behind'
    onDrop?.(dropItem(draft, String(dragNode.key), String(node.key), where))
  }
  return (
    <Tree
      aria-label={t('editor')}
      blockNode
      expandedKeys={keysOf(draft).filter(key => !folded.has(key))}
      autoExpandParent={false}
      onExpand={(_keys, { node, expanded }) => setFolded(withKey(folded, String(node.key), !expanded))}
      draggable={onDrop ? { icon: false } : false}
      selectedKeys={[props.selected]}
      treeData={nodesOf(draft, t('unnamed'))}
      onSelect={keys => props.onSelect(String(keys[0] ?? ''))}
      onDrop={drop}
    />
  )
}

function keysOf(draft: Draft): string[] {
  return draft.flatMap(item => [item.key, ...keysOf(item.children)])
}

function withKey(keys: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(keys)
  if (isIn) next.add(key)
  else next.delete(key)
  return next
}

function nodesOf(draft: Draft, unnamed: string): DataNode[] {
  return draft.map(item => ({
    key: item.key,
    title: (
      <span className="menus-node">
        <span>{item.name || unnamed}</span>
        <span className="wisp-quiet">{item.path}</span>
      </span>
    ),
    children: nodesOf(item.children, unnamed),
  }))
}

function Toolbar(props: {
  draft: Draft
  selected: string | undefined
  onAdd(): void
  onAddBelow(): void
  onStep(step: Step): void
  onRemove(): void
}): ReactNode {
  const t = useText('menus')
  const { selected, draft } = props
  const at = selected === undefined ? undefined : positionOf(draft, selected)
  const steps = [
    { step: 'up', label: t('moveUp'), icon: <ArrowUpOutlined />, can: at && at.index > 0 },
    {
      step: 'down',
      label: t('moveDown'),
      icon: <ArrowDownOutlined />,
      can: at && at.index < at.siblings.length - 1,
    },
    { step: 'out', label: t('moveOut'), icon: <MenuFoldOutlined />, can: at?.parentKey !== undefined },
    { step: 'in', label: t('moveIn'), icon: <MenuUnfoldOutlined />, can: at && at.index > 0 },
  ] as const
  return (
    <div className="menus-tools" role="toolbar" aria-label={t('edit')}>
      <Button icon={<PlusOutlined />} onClick={props.onAdd}>
        {t('add')}
      </Button>
      <Button disabled={!at} onClick={props.onAddBelow}>
        {t('addBelow')}
      </Button>
      {steps.map(({ step, label, icon, can }) => (
        <Tooltip key={step} title={label}>
          <Button aria-label={label} icon={icon} disabled={!can} onClick={() => props.onStep(step)} />
        </Tooltip>
      ))}
      <Tooltip title={t('remove')}>
        <Button
          danger
          aria-label={t('remove')}
          icon={<DeleteOutlined />}
          disabled={!at}
          onClick={props.onRemove}
        />
      </Tooltip>
    </div>
  )
}

function SaveBar(props: {
  menu: Answer<'/web/apps/menu'>
  draft: Draft
  onDiscard(): void
  onSaved(): void
  /** Called with the item that prevents saving. */
  onBad(key: string): void
}): ReactNode {
  const t = useText('menus')
  const { menu, draft } = props
  const save = useAct('/web/apps/menu/save', {
    refresh: ['/web/apps/'],
    done: stored => (stored.outcome === 'new' ? t('saved', { n: stored.n }) : t('savedSame')),
  })
  const press = async () => {
    const nameless = firstNameless(draft)
    if (nameless) return props.onBad(nameless)
    const stored = await save.run({ id: menu.id, basedOn: menu.n ?? '', menuList: toMenu(draft) })
    if (stored?.outcome === 'same') props.onDiscard()
    else if (stored) props.onSaved()
  }
  return (
    <div className="menus-save">
      <span role="status">{t('unsaved')}</span>
      <Button type="primary" loading={save.isRunning} onClick={() => void press()}>
        {t('save')}
      </Button>
      <Button onClick={props.onDiscard}>{t('discard')}</Button>
    </div>
  )
}

function firstNameless(draft: Draft): string | undefined {
  for (const item of draft) {
    const found = item.name.trim() === '' ? item.key : firstNameless(item.children)
    if (found) return found
  }
  return undefined
}
