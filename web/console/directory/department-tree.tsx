import { SearchOutlined } from '@ant-design/icons'
import { useQueries } from '@tanstack/react-query'
import { Input, Tag, Tree } from 'antd'
import { type ComponentRef, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { DepartmentRow } from '../../../server/organisation/directory/console/browse.ts'
import { type Answer, api } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { DepartmentPath, useSettled } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'

const path = '/web/directory/departments'

type Item = { key: string; title: ReactNode; isLeaf: boolean; children?: Item[]; selectable: boolean }

type Choice = {
  /** `''` for all departments. */
  chosen: string
  onChoose(orgId: string | undefined): void
}

/** The departments that the person may see: as a tree, or, while something is searched for, those that are found. */
export function DepartmentTree(props: Choice): ReactNode {
  const t = useText('directory')
  const [text, setText] = useState('')
  const words = useSettled(text.trim())
  const choose = (orgId: string | undefined) => {
    setText('')
    props.onChoose(orgId)
  }
  return (
    <div className="directory-departments-side">
      <Input
        allowClear
        prefix={<SearchOutlined aria-hidden />}
        value={text}
        placeholder={t('searchDepartments')}
        aria-label={t('searchDepartments')}
        onChange={event => setText(event.target.value)}
      />
      <AllDepartments />
      {words === '' ? <Levels {...props} /> : <FoundDepartments words={words} onChoose={choose} />}
    </div>
  )
}

/** How many departments the tree has, all levels together. */
function AllDepartments(): ReactNode {
  const t = useText('directory')
  const { data } = useRead('/web/directory/summary')
  return data ? <div className="wisp-quiet">{t('departmentsInTree', { n: data.departments })}</div> : null
}

function FoundDepartments(props: { words: string; onChoose(orgId: string): void }): ReactNode {
  const t = useText('directory')
  const common = useText('common')
  const read = useRead('/web/directory/search', { text: props.words, kinds: 'departments' }, { keep: true })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={160} />
  const { departments } = read.data
  if (departments.length === 0) return <EmptyState title={common('nothingFound')} />
  return (
    <ul className="directory-found" aria-label={t('tree')}>
      {departments.map(one => (
        <li key={one.orgId}>
          <button type="button" onClick={() => props.onChoose(one.orgId)}>
            <DepartmentPath department={one} />
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Each level is read when it is opened. */
function Levels(props: Choice): ReactNode {
  const t = useText('directory')
  const roots = useRead(path)
  const [opened, setOpened] = useOpened(props.chosen, roots.data)
  const below = useLevels(opened)
  const items = useMemo(
    () => (roots.data?.list ?? []).map(row => toItem(row, below, t('onlyThere'))),
    [roots.data, below, t],
  )
  const tree = useRef<ComponentRef<typeof Tree<Item>>>(null)
  // Levels come in any order: the tree shows a row when all above it are there.
  const isThere = useMemo(() => hasItem(items, props.chosen), [items, props.chosen])
  useEffect(() => {
    if (isThere) tree.current?.scrollTo({ key: props.chosen })
  }, [isThere, props.chosen])
  if (roots.error && !roots.data) return <ErrorState error={roots.error} retry={() => void roots.refetch()} />
  if (!roots.data) return <Loading height={160} />
  if (items.length === 0) return <EmptyState title={t('noDepartments')} />
  return (
    <Tree<Item>
      ref={tree}
      className="wisp-tree directory-tree"
      // From this height on only the rows in sight are made.
      height={Math.max(240, window.innerHeight - 220)}
      aria-label={t('tree')}
      blockNode
      treeData={items}
      expandedKeys={opened}
      selectedKeys={props.chosen ? [props.chosen] : []}
      loadData={() => Promise.resolve()}
      onExpand={keys => setOpened(keys.map(String))}
      onSelect={keys => props.onChoose(keys[0] === undefined ? undefined : String(keys[0]))}
    />
  )
}

function hasItem(items: readonly Item[], key: string): boolean {
  return items.some(one => one.key === key || hasItem(one.children ?? [], key))
}

function toItem(row: DepartmentRow, below: ReadonlyMap<string, DepartmentRow[]>, viewWord: string): Item {
  const children = below.get(row.orgId)?.map(one => toItem(one, below, viewWord))
  return {
    key: row.orgId,
    isLeaf: row.childCount === 0,
    // Departments that only lead to visible ones cannot be selected.
    selectable: row.level !== 'path',
    ...(children ? { children } : {}),
    title: (
      <>
        <span
          className={row.level === 'path' ? 'directory-tree-name wisp-quiet' : 'directory-tree-name'}
          title={row.orgName}
        >
          {row.orgName}
        </span>
        {row.level === 'view' ? <Tag variant="filled">{viewWord}</Tag> : null}
        {row.memberCountBelow === null ? null : (
          <span className="directory-tree-count">{formatNumber(row.memberCountBelow)}</span>
        )}
      </>
    ),
  }
}

/** The open departments: at first the roots, and the path to the department in the address. */
function useOpened(chosen: string, roots: Answer<'/web/directory/departments'> | undefined) {
  const [opened, setOpened] = useState<string[]>([])
  const way = useRead(path, { parentId: chosen }, { enabled: chosen !== '' })
  useEffect(() => {
    const first = roots?.list.length === 1 ? roots.list.map(row => row.orgId) : []
    if (first.length > 0) setOpened(before => [...new Set([...before, ...first])])
  }, [roots])
  useEffect(() => {
    const above = way.data?.path.slice(0, -1).map(one => one.orgId) ?? []
    if (above.length > 0) setOpened(before => [...new Set([...before, ...above])])
  }, [way.data])
  return [opened, setOpened] as const
}

/** Reads the children of every open department. */
function useLevels(opened: readonly string[]): ReadonlyMap<string, DepartmentRow[]> {
  const { corpId } = useSession()
  return useQueries({
    queries: opened.map(parentId => ({
      queryKey: [path, { parentId }, corpId],
      queryFn: () => api.get(path, { parentId }),
    })),
    combine: results =>
      new Map(
        results.flatMap(({ data }, index) => (data ? [[opened[index] ?? '', data.list] as const] : [])),
      ),
  })
}
