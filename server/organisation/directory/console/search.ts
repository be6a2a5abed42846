import { LRUCache } from 'lru-cache'
import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalIds, text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Corps } from '../../corps/corps.ts'
import { type MemberCore, userKey } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import type { DepartmentTree } from '../mirror/tree.ts'
import { departmentLevel, level } from '../permissions/sight.ts'
import { pinyinOf } from '../search/pinyin.ts'
import { createSearchIndex, type SearchIndex } from '../search/search-index.ts'
import { membersById } from '../store.ts'
import {
  avatarOf,
  departmentNameSchema,
  nameOf,
  pathOf,
  seenDepartments,
  sees,
  type Viewer,
  viewerOf,
} from './viewer.ts'

const foundMemberSchema = Type.Object({
  userId: Type.String(),
  userName: Type.String(),
  orgName: Type.String(),
  avatarUrl: Type.String(),
})
const foundDepartmentSchema = Type.Object({
  ...departmentNameSchema.properties,
  path: Type.Array(departmentNameSchema),
})
export type FoundDepartment = Static<typeof foundDepartmentSchema>
const foundTagSchema = Type.Object({
  tagId: Type.String(),
  tagName: Type.String(),
})
export type FoundTag = Static<typeof foundTagSchema>

const foundAtMost = 20

export const directorySearch = pageCall({
  method: 'GET',
  path: '/web/directory/search',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: {
    text: text('姓名、账号、手机、拼音，部门名或标签名', { max: 64 }),
    kinds: optionalIds('members、departments、tags，默认全部', { max: 3 }),
  },
  output: Type.Object({
    members: Type.Array(foundMemberSchema),
    departments: Type.Array(foundDepartmentSchema),
    tags: Type.Array(foundTagSchema),
  }),
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const isWanted = (kind: string) => input.kinds.length === 0 || input.kinds.includes(kind)
    const cores = isWanted('members') ? findMembers(viewer, input.text) : []
    const stored = new Map(
      (
        await membersById(
          ctx.db,
          corpId,
          cores.map(core => core.id),
        )
      ).map(member => [member.id, member]),
    )
    return {
      members: cores.flatMap(core => {
        const member = stored.get(core.id)
        if (!member) return []
        const [org] = seenDepartments(viewer, [member.mainDepartment, ...member.departments])
        const orgName = org?.department.name ?? ''
        return {
          userId: core.userId,
          userName: core.name,
          orgName,
          avatarUrl: avatarOf(ctx, corpId, member),
        }
      }),
      departments: isWanted('departments') ? findDepartments(viewer, input.text) : [],
      tags: isWanted('tags') ? findTags(viewer, input.text) : [],
    }
  },
})

/** Names for ids, so that a form can show earlier choices. Unknown and invisible ids are left out. */
export const directoryNames = pageCall({
  method: 'GET',
  path: '/web/directory/names',
  access: administrator('graded'),
  point: 'directory:read',
  directory: true,
  input: {
    userIds: optionalIds('成员账号', { max: 1000 }),
    orgIds: optionalIds('部门 id', { max: 1000 }),
    tagIds: optionalIds('标签 id', { max: 1000 }),
  },
  output: Type.Object({
    members: Type.Array(
      Type.Object({
        userId: Type.String(),
        userName: Type.String(),
      }),
    ),
    departments: Type.Array(foundDepartmentSchema),
    tags: Type.Array(foundTagSchema),
  }),
  handle(ctx: Core & { mirrors: Mirrors }, { input, visitor, corpId }) {
    const viewer = viewerOf(ctx, corpId, visitor)
    const { members, tags } = viewer.mirror
    return {
      members: input.userIds.flatMap(userId => {
        const core = members.byKey(userKey(userId))
        return core && sees(viewer, core) ? { userId: core.userId, userName: core.name } : []
      }),
      departments: seenDepartments(viewer, input.orgIds.map(Number)).map(node => ({
        ...nameOf(node),
        path: pathOf(node),
      })),
      tags: input.tagIds.flatMap(id => {
        const tag = tags.get(Number(id))
        return tag ? { tagId: String(tag.id), tagName: tag.name } : []
      }),
    }
  },
})

/** Finds members, by mobile too, since every administrator sees the mobiles of members in their departments. */
export function findMembers(viewer: Viewer, text: string, limit = foundAtMost): MemberCore[] {
  const { members, search } = viewer.mirror
  const allow = (ordinal: number) => {
    const core = members.at(ordinal)
    return core !== undefined && sees(viewer, core)
  }
  return search
    .search(text, { offset: 0, limit, mobile: true, allow })
    .flatMap(ordinal => members.at(ordinal) ?? [])
}

export function findDepartments(viewer: Viewer, text: string): FoundDepartment[] {
  const { tree, sight } = viewer
  const allow = (index: number) => {
    const node = tree.order[index]
    return node !== undefined && departmentLevel(sight, node) > level.none
  }
  return departmentIndex(tree)
    .search(text, { offset: 0, limit: foundAtMost, mobile: false, allow })
    .flatMap(index => {
      const node = tree.order[index]
      return node ? { ...nameOf(node), path: pathOf(node) } : []
    })
}

export function findTags(viewer: Viewer, text: string): FoundTag[] {
  const wanted = text.toLowerCase()
  return [...viewer.mirror.tags.values()]
    .filter(tag => tag.name.toLowerCase().includes(wanted) || initialsOf(tag.name).includes(wanted))
    .slice(0, foundAtMost)
    .map(tag => ({ tagId: String(tag.id), tagName: tag.name }))
}

const indexes = new WeakMap<DepartmentTree, SearchIndex>()
/** Kept across trees, because a changed department makes a new tree in which all other names are the same. */
const readings = new LRUCache<string, string>({ max: 50_000 })

function readingOf(name: string): string {
  const known = readings.get(name)
  if (known !== undefined) return known
  const reading = pinyinOf(name)
  readings.set(name, reading)
  return reading
}

function initialsOf(name: string): string {
  return readingOf(name)
    .split('|')
    .map(reading => reading.split(' ').reduce((initials, syllable) => initials + syllable.charAt(0), ''))
    .join('|')
}

function departmentIndex(tree: DepartmentTree): SearchIndex {
  const known = indexes.get(tree)
  if (known) return known
  const index = createSearchIndex()
  for (const node of tree.order) {
    const { id, name } = node.department
    index.set(node.index, { userId: String(id), name, alias: '', mobile: '', pinyin: readingOf(name) })
  }
  indexes.set(tree, index)
  return index
}
