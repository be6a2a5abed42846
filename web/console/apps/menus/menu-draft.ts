import type { Menu } from '../../../../server/features/apps/menus/menu.ts'

/** An item of the menu in the editor. The keys exist on this page only. */
export type DraftItem = { key: string; name: string; path: string; children: DraftItem[] }
export type Draft = DraftItem[]
export type Step = 'up' | 'down' | 'in' | 'out'

let made = 0

export function newItem(name = ''): DraftItem {
  return { key: `item${++made}`, name, path: '', children: [] }
}

export function toDraft(menu: Menu): Draft {
  return menu.map(item => ({ ...newItem(item.name), path: item.path, children: toDraft(item.children) }))
}

/** Converts the draft to a menu; the positions in the tree become the order numbers. */
export function toMenu(draft: Draft): Menu {
  return draft.map((item, index) => ({
    name: item.name.trim(),
    path: item.path.trim(),
    orderNum: index + 1,
    children: toMenu(item.children),
  }))
}

export function countDraft(draft: Draft): number {
  return draft.reduce((count, item) => count + 1 + countDraft(item.children), 0)
}

export function findItem(draft: Draft, key: string): DraftItem | undefined {
  for (const item of draft) {
    const found = item.key === key ? item : findItem(item.children, key)
    if (found) return found
  }
  return undefined
}

export function changeItem(draft: Draft, key: string, change: Partial<DraftItem>): Draft {
  return draft.map(item =>
    item.key === key ? { ...item, ...change } : { ...item, children: changeItem(item.children, key, change) },
  )
}

export function removeItem(draft: Draft, key: string): Draft {
  return draft
    .filter(item => item.key !== key)
    .map(item => ({ ...item, children: removeItem(item.children, key) }))
}

/** Adds the item at the end of the children of `parentKey`, or of the top level. */
export function addItem(draft: Draft, parentKey: string | undefined, item: DraftItem): Draft {
  if (parentKey === undefined) return [...draft, item]
  return draft.map(one =>
    one.key === parentKey
      ? { ...one, children: [...one.children, item] }
      : { ...one, children: addItem(one.children, parentKey, item) },
  )
}

/** Inserts the item among its siblings, before the one at `index`. */
export function insertAt(draft: Draft, parentKey: string | undefined, index: number, item: DraftItem): Draft {
  if (parentKey === undefined) return draft.toSpliced(index, 0, item)
  return draft.map(one =>
    one.key === parentKey
      ? { ...one, children: one.children.toSpliced(index, 0, item) }
      : { ...one, children: insertAt(one.children, parentKey, index, item) },
  )
}

export type Position = { parentKey: string | undefined; index: number; siblings: Draft }

export function positionOf(draft: Draft, key: string, parentKey?: string): Position | undefined {
  const index = draft.findIndex(item => item.key === key)
  if (index >= 0) return { parentKey, index, siblings: draft }
  for (const item of draft) {
    const found = positionOf(item.children, key, item.key)
    if (found) return found
  }
  return undefined
}

/** Returns undefined when the item cannot move in that direction. */
export function moveItem(draft: Draft, key: string, step: Step): Draft | undefined {
  const item = findItem(draft, key)
  const at = positionOf(draft, key)
  if (!item || !at) return undefined
  const without = removeItem(draft, key)
  if (step === 'up') return at.index > 0 ? insertAt(without, at.parentKey, at.index - 1, item) : undefined
  if (step === 'down')
    return at.index < at.siblings.length - 1 ? insertAt(without, at.parentKey, at.index + 1, item) : undefined
  if (step === 'in') {
    const above = at.siblings[at.index - 1]
    return above ? addItem(without, above.key, item) : undefined
  }
  const parent = at.parentKey === undefined ? undefined : positionOf(draft, at.parentKey)
  return parent ? insertAt(without, parent.parentKey, parent.index + 1, item) : undefined
}

/** Moves an item to where Ant Design's tree reports a drop: onto another item, or into the gap before or after it. */
export function dropItem(
  draft: Draft,
  dragKey: string,
  dropKey: string,
  where: 'into' | 'before' | 'behind',
): Draft {
  const item = findItem(draft, dragKey)
  if (!item || findItem([item], dropKey)) return draft
  const without = removeItem(draft, dragKey)
  const at = positionOf(without, dropKey)
  if (!at) return draft
  if (where === 'into') return insertAt(without, dropKey, 0, item)
  return insertAt(without, at.parentKey, where === 'before' ? at.index : at.index + 1, item)
}
