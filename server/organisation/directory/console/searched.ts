import type { Core } from '../../../platform/core.ts'
import { hitsAtMost, type SearchKind } from '../../../platform/manifest/search.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { findDepartments, findMembers, findTags } from './search.ts'
import { seenDepartments, viewerOf } from './viewer.ts'

type Needs = Core & { mirrors: Mirrors }

const membersAtMost = 8

/** Members by name, pinyin, userid and mobile (which administrators may see), departments and tags. */
export const directorySearched: Readonly<Record<string, SearchKind<Needs>>> = {
  members: {
    title: { zh: '成员', en: 'Members' },
    path: '/console/directory',
    point: 'directory:read',
    graded: true,
    find(ctx, { corpId, visitor, words }) {
      const viewer = viewerOf(ctx, corpId, visitor)
      return findMembers(viewer, words, membersAtMost).map(({ userId, name, departments }) => {
        const [first] = seenDepartments(viewer, departments)
        return { id: userId, title: `${name} ${userId}`, detail: first?.department.name ?? '' }
      })
    },
  },
  departments: {
    title: { zh: '部门', en: 'Departments' },
    path: '/console/directory',
    point: 'directory:read',
    param: 'orgId',
    graded: true,
    find: (ctx, { corpId, visitor, words }) =>
      findDepartments(viewerOf(ctx, corpId, visitor), words)
        .slice(0, hitsAtMost)
        .map(({ orgId, orgName, path }) => {
          const above = path.slice(0, -1).map(one => one.orgName)
          return { id: orgId, title: orgName, detail: above.join(' / ') }
        }),
  },
  tags: {
    title: { zh: '标签', en: 'Tags' },
    path: '/console/directory/tags',
    point: 'directory:read',
    graded: true,
    find: (ctx, { corpId, visitor, words }) =>
      findTags(viewerOf(ctx, corpId, visitor), words)
        .slice(0, hitsAtMost)
        .map(({ tagId, tagName }) => ({ id: tagId, title: tagName, detail: '' })),
  },
}
