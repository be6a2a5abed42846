import { Select, TreeSelect } from 'antd'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import type { DepartmentRow } from '../../server/organisation/directory/console/browse.ts'
import type { FoundDepartment } from '../../server/organisation/directory/console/search.ts'
import { type Answer, api } from './data/api.ts'
import { useErrorText } from './data/error-text.ts'
import { useRead } from './data/read.ts'
import { useText } from './text.ts'

export type PickedMember = { userId: string; name: string }

type PickerProps<V> = {
  value?: V
  onChange?: (value: V) => void
  id?: string
  placeholder?: string
  disabled?: boolean
  label?: string
}

/** Returns the value after it has not changed for a moment, so that not every keystroke makes a call. */
export function useSettled<T>(value: T, ms = 200): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

function useFound(kind: 'members' | 'departments' | 'tags') {
  const [text, setText] = useState('')
  const words = useSettled(text.trim())
  const read = useRead(
    '/web/directory/search',
    { text: words, kinds: kind },
    { enabled: words !== '', keep: true },
  )
  return { words, setText, found: words === '' ? undefined : read.data, isBusy: read.isFetching, read }
}

/** Chooses members by name, pinyin, userid or mobile. */
export function MemberPicker(props: PickerProps<PickedMember[]> & { single?: boolean }): ReactNode {
  const t = useText('directory')
  const { words, setText, found, isBusy, read } = useFound('members')
  const [isOpen, setOpen] = useState(false)
  const value = props.value ?? []
  const options = (found?.members ?? []).map(one => ({
    value: one.userId,
    label: one.userName,
    hint: [one.userId, one.orgName].filter(Boolean).join(' · '),
  }))
  return (
    <Select
      mode="multiple"
      labelInValue
      open={isOpen}
      onOpenChange={setOpen}
      {...shared(props, t('pickMembers'))}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={isBusy}
      options={options}
      value={value.map(one => ({ value: one.userId, label: one.name || one.userId }))}
      notFoundContent={
        <NothingYet words={words} error={read.error} isBusy={isBusy} hint={t('pickMembersHint')} />
      }
      optionRender={option => <TwoLines title={option.label} hint={String(option.data.hint ?? '')} />}
      onChange={chosen => {
        const next = chosen.map(one => ({ userId: String(one.value), name: String(one.label) }))
        props.onChange?.(props.single ? next.slice(-1) : next)
        if (props.single) setOpen(false)
      }}
    />
  )
}

/** Chooses tags by name. */
export function TagPicker(props: PickerProps<number[]>): ReactNode {
  const t = useText('directory')
  const { words, setText, found, isBusy, read } = useFound('tags')
  const value = props.value ?? []
  const first = useRead('/web/directory/tags', {
    pageSize: 50,
  })
  const names = useNames({ tagIds: value })
  const shown = found?.tags ?? first.data?.list ?? []
  const options = withChosen(
    shown.map(one => ({ value: Number(one.tagId), label: one.tagName })),
    value,
    id => names?.tags.find(one => one.tagId === String(id))?.tagName,
  )
  return (
    <Select
      mode="multiple"
      {...shared(props, t('pickTags'))}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={isBusy}
      options={options}
      value={value}
      notFoundContent={<NothingYet words={words} error={read.error} isBusy={isBusy} hint={t('noTags')} />}
      onChange={chosen => props.onChange?.(chosen)}
    />
  )
}

type TreeItem = {
  id: number
  pId: number
  value: number
  name: string
  title: ReactNode
  isLeaf: boolean
  disabled: boolean
}

/** A department by its name, and where it is: the same name may be anywhere. */
export function DepartmentPath(props: { department: FoundDepartment }): ReactNode {
  const { orgName, path } = props.department
  const above = path.slice(0, -1)
  return (
    <span className="wisp-department">
      <bdi>{orgName}</bdi>
      {above.length > 0 ? (
        <span className="wisp-quiet">{above.map(step => step.orgName).join(' / ')}</span>
      ) : null}
    </span>
  )
}

/**
 * Chooses departments from a tree, which loads as it is opened, or by searching. `needs` is the right a
 * person must have on a department to choose it. A graded administrator also sees the departments that lead
 * to those of their own, but cannot choose them.
 */
export function DepartmentPicker(
  props: PickerProps<number[]> & {
    single?: boolean
    needs?: 'view' | 'manage'
    /** What the form calls one that was chosen before, and may be gone. */
    nameOf?: (id: number) => string | undefined
  },
): ReactNode {
  const t = useText('directory')
  const { words, setText, found, isBusy, read } = useFound('departments')
  const value = props.value ?? []
  const names = useNames({ orgIds: value })
  const tree = useDepartmentTree(props.needs ?? 'view')
  const treeData = found ? found.departments.map(one => foundItem(one)) : tree.items
  const nameOf = (id: number) =>
    props.nameOf?.(id) ??
    names?.departments.find(one => one.orgId === String(id))?.orgName ??
    treeData.find(one => one.value === id)?.name ??
    String(id)
  return (
    <TreeSelect<{ value: number; label: ReactNode }[]>
      multiple
      labelInValue
      treeDataSimpleMode
      listHeight={320}
      classNames={{ popup: { root: 'wisp-tree' } }}
      {...shared(props, t('pickDepartments'))}
      showSearch={{ filterTreeNode: false, onSearch: setText, autoClearSearchValue: true }}
      treeData={treeData}
      treeExpandedKeys={tree.expanded}
      onTreeExpand={keys => tree.setExpanded(keys.map(Number))}
      loadData={item => (found ? Promise.resolve() : tree.load(Number(item.value)))}
      value={value.map(id => ({ value: id, label: nameOf(id) }))}
      notFoundContent={
        <NothingYet
          words={words}
          error={read.error ?? tree.error}
          isBusy={isBusy || tree.isBusy}
          hint={t('noDepartments')}
        />
      }
      onChange={chosen => {
        const next = (chosen ?? []).map(one => Number(one.value))
        props.onChange?.(props.single ? next.slice(-1) : next)
      }}
    />
  )
}

function foundItem(one: FoundDepartment): TreeItem {
  const id = Number(one.orgId)
  const title = <DepartmentPath department={one} />
  return { id, pId: 0, value: id, name: one.orgName, title, isLeaf: true, disabled: false }
}

function useDepartmentTree(needs: 'view' | 'manage') {
  const roots = useRead('/web/directory/departments')
  const [below, setBelow] = useState<Map<number, DepartmentRow[]>>(new Map())
  const [expanded, setExpanded] = useState<number[]>([])
  const items = useMemo(() => {
    const toItem = (row: DepartmentRow, pId: number): TreeItem => ({
      id: Number(row.orgId),
      pId,
      value: Number(row.orgId),
      name: row.orgName,
      title: row.orgName,
      isLeaf: row.childCount === 0,
      disabled: row.level === 'path' || (needs === 'manage' && row.level !== 'manage'),
    })
    return [
      ...(roots.data?.list ?? []).map(row => toItem(row, 0)),
      ...[...below].flatMap(([id, rows]) => rows.map(row => toItem(row, id))),
    ]
  }, [roots.data, below, needs])
  const load = useCallback(async (parentId: number) => {
    const answer = await api.get('/web/directory/departments', { parentId: String(parentId) })
    setBelow(before => new Map(before).set(parentId, answer.list))
  }, [])
  const only = roots.data?.list.length === 1 ? Number(roots.data.list[0]?.orgId) : undefined
  useEffect(() => {
    if (only === undefined) return
    setExpanded([only])
    // A failed load is repeated when the department is opened.
    load(only).catch(() => undefined)
  }, [only, load])
  return { items, load, expanded, setExpanded, error: roots.error, isBusy: roots.isLoading }
}

/** Reads the names of what had been chosen before this form was opened. */
function useNames(ids: { orgIds?: number[]; tagIds?: number[] }): Answer<'/web/directory/names'> | undefined {
  const orgIds = (ids.orgIds ?? []).map(String)
  const tagIds = (ids.tagIds ?? []).map(String)
  const enabled = orgIds.length + tagIds.length > 0
  return useRead('/web/directory/names', { orgIds, tagIds }, { enabled, keep: true }).data
}

function withChosen(
  options: { value: number; label: string }[],
  chosen: readonly number[],
  nameOf: (id: number) => string | undefined,
) {
  const missing = chosen.filter(id => !options.some(one => one.value === id))
  return [...missing.map(id => ({ value: id, label: nameOf(id) ?? String(id) })), ...options]
}

function shared<V>(props: PickerProps<V>, placeholder: string) {
  return {
    ...(props.id ? { id: props.id } : {}),
    ...(props.disabled ? { disabled: true } : {}),
    placeholder: props.placeholder ?? placeholder,
    // In a form the label of the field is its name for screen readers.
    ...(props.label || !props.id ? { 'aria-label': props.label ?? props.placeholder ?? placeholder } : {}),
    allowClear: true,
    style: { width: '100%' },
  }
}

function TwoLines(props: { title: ReactNode; hint: string }): ReactNode {
  return (
    <div>
      <div>{props.title}</div>
      <div style={{ fontSize: 12 }}>{props.hint}</div>
    </div>
  )
}

/** Explains an empty list: an error, loading, no results, or a hint. */
function NothingYet(props: { words: string; error: unknown; isBusy: boolean; hint: string }): ReactNode {
  const t = useText('common')
  const textOf = useErrorText()
  const said = props.error
    ? textOf(props.error)
    : props.isBusy
      ? t('loading')
      : props.words
        ? t('nothingFound')
        : props.hint
  return <div style={{ padding: '8px 4px', color: 'var(--wisp-quiet)' }}>{said}</div>
}
