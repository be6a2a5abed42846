import { useQueryClient } from '@tanstack/react-query'
import { TreeSelect } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import type { FoundDepartment } from '../../../server/organisation/directory/console/search.ts'
import { type Answer, api } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import type { Chosen } from './form-values.ts'

/** `id` and `pId` are the flat form of TreeSelect, to which branches can be added as they are loaded. */
type Node = { id: string; pId: string; value: string; title: ReactNode; name: string; isLeaf: boolean }

/** Chooses departments from a tree, whose branches are read when they are opened, or by searching. */
export function DepartmentPicker(props: {
  id: string
  placeholder: string
  value: Chosen[]
  onChange(value: Chosen[]): void
}): ReactNode {
  const [words, setWords] = useState('')
  const isSearching = words.trim() !== ''
  const [nodes, load] = useBranches()
  const found = useRead(
    '/web/directory/search',
    { text: words.trim(), kinds: 'departments' },
    { enabled: isSearching, keep: true },
  )
  const hits = isSearching ? (found.data?.departments ?? []).map(hit) : []
  return (
    <TreeSelect<Chosen[], Node>
      id={props.id}
      multiple
      labelInValue
      treeDataSimpleMode
      treeNodeLabelProp="name"
      style={{ width: '100%' }}
      placeholder={props.placeholder}
      value={props.value}
      treeData={isSearching ? hits : nodes}
      loadData={node => (isSearching ? Promise.resolve() : load(String(node.value)))}
      showSearch={{ filterTreeNode: false, onSearch: setWords }}
      onChange={chosen => {
        props.onChange(chosen.map(one => ({ value: one.value, label: String(one.label) })))
        setWords('')
      }}
    />
  )
}

function hit(department: FoundDepartment): Node {
  const names = department.path.map(one => one.orgName).join(' / ')
  const { orgId, orgName } = department
  return { id: orgId, pId: '', value: orgId, title: names, name: orgName, isLeaf: true }
}

function useBranches(): [Node[], (parentId: string) => Promise<void>] {
  const client = useQueryClient()
  const { corpId } = useSession()
  const [nodes, setNodes] = useState<Node[]>([])
  const roots = useRead('/web/directory/departments').data
  useEffect(() => {
    if (roots) setNodes(before => (before.length > 0 ? before : toNodes(roots, '')))
  }, [roots])
  const load = async (parentId: string) => {
    const path = '/web/directory/departments'
    const list = await client.fetchQuery({
      queryKey: [path, { parentId }, corpId],
      queryFn: () => api.get(path, { parentId }),
    })
    setNodes(before => [...before.filter(node => node.pId !== parentId), ...toNodes(list, parentId)])
  }
  return [nodes, load]
}

function toNodes({ list }: Answer<'/web/directory/departments'>, parentId: string): Node[] {
  return list.map(one => ({
    id: one.orgId,
    pId: parentId,
    value: one.orgId,
    title: one.orgName,
    name: one.orgName,
    isLeaf: one.childCount === 0,
  }))
}
