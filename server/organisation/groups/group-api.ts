import { Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { optionalInteger, text } from '../../platform/http/input.ts'
import { ready } from '../../platform/http/output.ts'
import { told } from '../../platform/http/told.ts'
import type { Mirrors } from '../directory/mirror/mirrors.ts'
import { seesGroup } from '../directory/permissions/data-scope.ts'
import { sampleMember } from '../directory/read/samples.ts'
import {
  listWire,
  memberSchema,
  personalDataOf,
  viewOf,
  visibleMember,
  withMembers,
} from '../directory/read/view.ts'
import { findGroup, type GroupRow, groupsOf } from './group-store.ts'
import { idsInGroup } from './membership-store.ts'

type Needs = Core & { mirrors: Mirrors }

export const groupSchema = Type.Object({
  groupId: Type.String({ about: { zh: '人群 id', en: 'Id of the group' } }),
  groupName: Type.String({ about: { zh: '人群名称', en: 'Name of the group' } }),
  members: Type.Integer({ about: { zh: '人数', en: 'How many members are in it' } }),
  isSettled: Type.Boolean({
    about: {
      zh: '规则是否已处理完；false 时成员还会变化',
      en: 'Whether its rule has been worked through; while it is false its members still change',
    },
  }),
})
export const sampleWireGroup = { groupId: '7', groupName: '试用期已满', members: 1, isSettled: true }

function wireOf({ id, name, members, scanAfter }: GroupRow) {
  return { groupId: String(id), groupName: name, members, isSettled: scanAfter === null }
}

const access = { by: 'developer', scope: 'directory:read' } as const

export const groupList = endpoint({
  methods: ['GET'],
  path: '/api/group/list',
  section: 'wisp',
  summary: { zh: '人群列表', en: 'List groups' },
  description: {
    zh: '人群由管理员按规则或名单设置，平台随通讯录变化自动更新成员。开发者有数据范围时，只返回数据范围中的人群。',
    en: 'Groups are set up by administrators as a rule, a list, or both, and follow the address book by themselves. A developer with a data scope gets the groups of that scope.',
  },
  access,
  directory: true,
  input: {},
  output: Type.Object({ list: Type.Array(groupSchema) }),
  errors: [],
  sample: { list: [sampleWireGroup] },
  about: () => ({}),
  async handle(ctx: Needs, { developer }) {
    const groups = await groupsOf(ctx.db, developer.corpId)
    return { list: groups.filter(one => seesGroup(developer, one.id)).map(wireOf) }
  },
})

/** The group, if the developer may know of it. Throws 1006. */
export async function visibleGroup(ctx: Core, developer: Caller, groupId: string): Promise<GroupRow> {
  const id = /^[1-9]\d{0,14}$/.test(groupId) ? Number(groupId) : undefined
  const group =
    id !== undefined && seesGroup(developer, id) ? await findGroup(ctx.db, developer.corpId, id) : undefined
  if (!group)
    throw new ApiError('unknownTag', {
      zh: told`没有人群 ${groupId}`,
      en: told`there is no group ${groupId}`,
    })
  return group
}

export const groupMembers = endpoint({
  methods: ['GET'],
  path: '/api/group/members',
  section: 'wisp',
  summary: { zh: '获取人群成员', en: 'List the members of a group' },
  description: {
    zh: '按 pageNo、pageSize 分页。total 是人群的总人数；list 只有调用者可见的成员。',
    en: 'In pages by pageNo and pageSize. total is how many the group has; list has those whom the caller sees.',
  },
  access,
  directory: true,
  input: {
    groupId: text({ zh: '人群 id', en: 'Id of the group' }, { max: 32 }),
    pageNo: optionalInteger({ zh: '页数，从 1 开始', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 100', en: 'How many a page; 100 by default' },
      { min: 1, max: 1000 },
    ),
  },
  logged: ['groupId', 'pageNo', 'pageSize'],
  output: Type.Object({
    list: Type.Array(memberSchema),
    total: Type.Integer({ about: { zh: '总人数', en: 'How many in all' } }),
  }),
  errors: ['unknownTag'],
  sample: { list: [sampleMember], total: 1 },
  sampleInput: { groupId: '{groupId}', pageNo: 1, pageSize: 20 },
  async handle(ctx: Needs, { input, developer }) {
    const group = await visibleGroup(ctx, developer, input.groupId)
    const { pageNo = 1, pageSize = 100 } = input
    const page = { offset: (pageNo - 1) * pageSize, limit: pageSize }
    const ids = await idsInGroup(ctx.db, developer.corpId, group.id, page)
    const view = viewOf(ctx, developer)
    const cores = ids.flatMap(id => visibleMember(view, view.mirror.members.byId(id)) ?? [])
    return withMembers(ctx, view, cores, false, list =>
      ready({
        wire: listWire(developer, list, `,"total":${group.members}`),
        people: personalDataOf(view, cores),
      }),
    )
  },
})

/** A group within the data scope, to try calls with. */
export async function groupTrialValues(ctx: Needs, developer: Caller): Promise<Record<string, string>> {
  if (!developer.scopes.has('directory:read')) return {}
  const groups = await groupsOf(ctx.db, developer.corpId)
  const group = groups.find(one => seesGroup(developer, one.id))
  return group ? { groupId: String(group.id) } : {}
}
