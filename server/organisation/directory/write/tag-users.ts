import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { optionalIds, text } from '../../../platform/http/input.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import type { Corps } from '../../corps/corps.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { visibleTag } from '../read/tag-answer.ts'
import { findDepartment, namedMembers, type View, viewOf } from '../read/view.ts'
import { changeTag } from './change-tag.ts'

type Needs = Core & { corps: Corps; inbox: Inbox; mirrors: Mirrors }

const listAtMost = 50_000

const input = {
  tagId: text({ zh: '标签 ID', en: 'Id of the tag' }, { max: 32 }),
  userIdList: optionalIds({ zh: '成员 ID 列表', en: 'Ids of members' }, { max: listAtMost }),
  partyIdList: optionalIds({ zh: '部门 ID 列表', en: 'Ids of departments' }, { max: listAtMost }),
}
type TagInput = { tagId: string; userIdList: string[]; partyIdList: string[] }

const declared = {
  methods: ['POST'],
  access: { by: 'developer', scope: 'tag:write' },
  directory: true,
  input,
  oneOf: [['userIdList'], ['partyIdList']],
  logged: ['tagId', 'userIdList', 'partyIdList'],
  description: {
    zh: 'userIdList、partyIdList 不能同时为空。先写入企业微信，再更新平台通讯录；无效的 ID 在应答中列出。',
    en: 'At least one of userIdList and partyIdList. Written to WeCom first, then here; ids that are wrong are named in the answer.',
  },
  output: Type.Object({
    invalUserIds: Type.String({
      about: { zh: '无效的用户 ID，用 | 分隔', en: 'Wrong ids of members, separated by |' },
    }),
    invalPartyIds: Type.Array(Type.String(), {
      about: { zh: '无效的部门 ID', en: 'Wrong ids of departments' },
    }),
  }),
  errors: ['unknownTag', 'upstream'],
  sample: { invalUserIds: '', invalPartyIds: [] },
  sampleInput: { tagId: '{tagId}', userIdList: ['{userId}'] },
} as const

export const addTagUsers = endpoint({
  ...declared,
  path: '/api/org/addTagUsers',
  section: '4.11',
  summary: { zh: '增加标签成员', en: 'Add members to a tag' },
  handle: (ctx: Needs, { input, developer }) => editTag(ctx, viewOf(ctx, developer), input, true),
})

export const removeTagUsers = endpoint({
  ...declared,
  path: '/api/org/removeTagUsers',
  section: '4.12',
  summary: { zh: '删除标签成员', en: 'Remove members from a tag' },
  handle: (ctx: Needs, { input, developer }) => editTag(ctx, viewOf(ctx, developer), input, false),
})

async function editTag(ctx: Needs, view: View, given: TagInput, isAdding: boolean) {
  const tag = visibleTag(view, given.tagId)
  const users = await namedMembers(ctx, view, given.userIdList)
  const departments = knownDepartments(view, given.partyIdList)
  const { refused } = await changeTag(ctx, view.mirror.corpId, tag.id, {
    isAdding,
    fields: ['userIdList', 'partyIdList'],
    userIds: given.userIdList,
    orgIds: given.partyIdList,
    users,
    departments,
  })
  return { invalUserIds: refused.userIds.join('|'), invalPartyIds: refused.orgIds }
}

/** The visible departments among these, keyed as the caller spelt them. */
function knownDepartments(view: View, ids: string[]): Map<string, number> {
  return new Map(
    ids.flatMap(id => {
      const node = findDepartment(view, id)
      return node ? [[id, node.department.id] as const] : []
    }),
  )
}
