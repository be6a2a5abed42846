import { createHash } from 'node:crypto'
import { envelope, toWire, wireBytes } from '../../../platform/http/wire.ts'
import type { MemberCore } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { DepartmentNode } from '../mirror/tree.ts'
import { seesTag } from '../permissions/data-scope.ts'
import {
  departmentLevel,
  everything,
  isEverything,
  leadsToVisible,
  level,
  type Sight,
  seesMember,
} from '../permissions/sight.ts'
import type { View } from './view.ts'

/**
 * Values of isAll (docs/interface/address-book.md#departments-below): 0 管理, 1 查看, 2 when only something below the department
 * is permitted.
 */
const isAll = { manage: '0', view: '1', below: '2' } as const

/** Rows of departments as one viewer sees them; `sight` is the view's, or a person's within it. */
export type OrgRows = {
  isShown(node: DepartmentNode): boolean
  row(node: DepartmentNode, users: readonly string[]): string
}

export function orgRows(view: View, sight: Sight, isPerson: boolean): OrgRows {
  const { tree } = view
  if (isEverything(sight)) {
    return {
      isShown: () => true,
      row: (node, users) => rowOf(node, isAll.manage, node.children.length, users),
    }
  }
  const leads = leadsToVisible(sight, tree)
  // Show the path to what a person may see, but never outside the developer's own data scope.
  const isShown = (node: DepartmentNode) =>
    departmentLevel(sight, node) > level.none ||
    (isPerson && leads[node.index] === 1 && departmentLevel(view.sight, node) > level.none)
  const mark = (node: DepartmentNode) => {
    const own = departmentLevel(sight, node)
    return own === level.manage ? isAll.manage : own === level.view ? isAll.view : isAll.below
  }
  return {
    isShown,
    row: (node, users) => rowOf(node, mark(node), node.children.filter(isShown).length, users),
  }
}

function rowOf(node: DepartmentNode, mark: string, childCount: number, users: readonly string[]): string {
  return `${node.wire.slice(0, -1)},"isAll":"${mark}","childCount":${childCount},"userList":[${users.join()}]}`
}

/** The department's direct members that this sight shows. */
export function directMembers(view: View, sight: Sight, node: DepartmentNode): readonly MemberCore[] {
  const { tree } = view
  const direct = view.mirror.members.direct(node.department.id)
  return isEverything(sight) ? direct : direct.filter(core => seesMember(sight, tree, core))
}

export function tagRows(view: View): string[] {
  return [...view.mirror.tags.values()]
    .filter(tag => seesTag(view.developer, tag.id))
    .sort((a, b) => a.id - b.id)
    .map(tag => `{"tagId":"${tag.id}","tagName":${toWire(JSON.stringify(tag.name))}}`)
}

type WholeList = { revision: number; bytes: Buffer; etag: string }

const kept = new WeakMap<Mirror, WholeList>()

/**
 * The answer to `/api/org/list` without parameters: whole tree and tags, cached as bytes until departments or tags
 * change.
 */
export function wholeList(view: View): { envelope: Buffer; etag: string } {
  const { mirror } = view
  let whole = isEverything(view.sight) ? kept.get(mirror) : undefined
  if (whole?.revision !== mirror.revision) {
    const bytes = wireBytes(
      envelope(`{"list":[${wholeTree(view, view.sight, false).join()}],"tagList":[${tagRows(view).join()}]}`),
    )
    whole = {
      revision: mirror.revision,
      bytes,
      etag: `"${createHash('sha1').update(bytes).digest('base64url')}"`,
    }
    if (view.sight === everything) kept.set(mirror, whole)
  }
  return { envelope: whole.bytes, etag: whole.etag }
}

export function wholeTree(view: View, sight: Sight, isPerson: boolean): string[] {
  const rows = orgRows(view, sight, isPerson)
  return view.tree.order.filter(rows.isShown).map(node => rows.row(node, []))
}
