import { describe, expect, it } from 'vitest'
import type { FeedChange } from '../../organisation/directory/feed-store.ts'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import { buildTree } from '../../organisation/directory/mirror/tree.ts'
import type { FollowRow } from './store.ts'
import { chatsTouched, touchedBy } from './touched.ts'

const department = (id: number, parentId: number) => ({
  id,
  name: String(id),
  parentId,
  sortNo: 0,
  leaders: [],
})
const tree = buildTree('ww1', [department(1, 0), department(2, 1), department(3, 2), department(4, 1)])
const members = new Map([['zhangsan', { departments: [3] }]])
const mirror = {
  tree,
  members: { byKey: (key: string) => members.get(key) },
  tags: new Map([[7, { id: 7, name: '标签', userKeys: ['lisi'], departments: [4] }]]),
} as unknown as Mirror

const chat = (id: string, follow: Partial<FollowRow['follow']>): FollowRow => ({
  id,
  devId: `dev-${id}`,
  follow: { toUser: [], toParty: [], toTag: [], ...follow },
})
const chats = [
  chat('above', { toParty: ['2'] }),
  chat('beside', { toParty: ['4'] }),
  chat('tag', { toTag: ['7'] }),
  chat('named', { toUser: ['ZhangSan'] }),
]
const change = (given: Partial<FeedChange>): FeedChange => ({
  seq: 1,
  kind: 'member',
  op: 'put',
  entityId: 'zhangsan',
  oldId: null,
  memberId: null,
  departmentsBefore: null,
  ...given,
})
const touched = (...changes: FeedChange[]) =>
  chatsTouched(mirror, touchedBy(mirror, changes), chats, devId => (devId === 'dev-beside' ? [9] : [])).map(
    one => one.id,
  )

describe('a change of the address book', () => {
  it('concerns the chats of departments above, and no others', () => {
    expect(touched(change({}))).toEqual(['above', 'named'])
    expect(touched(change({ kind: 'department', entityId: '4' }))).toEqual(['beside', 'tag'])
    expect(touched()).toEqual([])
  })

  it('concerns the chats of departments that somebody left', () => {
    expect(touched(change({ op: 'drop', entityId: 'gone', departmentsBefore: [4, 1] }))).toEqual([
      'beside',
      'tag',
    ])
  })

  it('concerns the chats of a tag, of who is named, and of a developer’s data scope', () => {
    expect(touched(change({ kind: 'tag', entityId: '7' }))).toEqual(['tag'])
    expect(touched(change({ entityId: 'lisi' }))).toEqual(['tag'])
    expect(touched(change({ op: 'rename', entityId: 'new', oldId: 'zhangsan' }))).toEqual(['named'])
    expect(touched(change({ kind: 'scope', entityId: 'dev-above' }))).toEqual(['above'])
    expect(touched(change({ kind: 'tag', entityId: '9' }))).toEqual(['beside'])
  })

  it('concerns all chats where a department moved, of which nobody knows where it was', () => {
    expect(touched(change({ kind: 'department', op: 'move', entityId: '3' }))).toHaveLength(4)
  })
})
