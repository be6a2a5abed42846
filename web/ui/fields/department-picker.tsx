import { TreeSelect } from 'antd'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import type { DepartmentRow } from '../../../server/organisation/directory/console/browse.ts'
import type { FoundDepartment } from '../../../server/organisation/directory/console/search.ts'
import { api } from '../data/api.ts'
import { useRead } from '../data/read.ts'
import { useText } from '../text.ts'
import {
  DepartmentPath,
  type DepartmentPickerProps,
  NothingYet,
  shared,
  useFound,
  useNames,
} from './picker-parts.tsx'

type TreeItem = {
  id: number
  pId: number
  value: number
  name: string
  title: ReactNode
  isLeaf: boolean
  disabled: boolean
}

/**
 * Chooses departments from a tree, which loads as it is opened, or by searching. `needs` is the right a
 * person must have on a department to choose it. A graded administrator also sees the departments that lead
 * to those of their own, but cannot choose them.
 */
export function DepartmentPicker(props: DepartmentPickerProps): ReactNode {
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
