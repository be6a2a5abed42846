import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import type { AdminCaller } from '../../../platform/http/admin/admin-gate.ts'
import { integer, structured } from '../../../platform/http/input.ts'
import type { Mirrors } from '../../directory/mirror/mirrors.ts'
import { mayAlso } from '../../rights/reached.ts'
import {
  groupDetail,
  groupDetailSchema,
  groupRowSchema,
  groupShape,
  listGroups,
  sampleGroup,
} from '../group-view.ts'
import {
  addGroup,
  type Editor,
  type GroupNeeds,
  knownGroup,
  listedAtMost,
  removeGroup,
  setGroup,
} from '../groups.ts'

const id = integer({ zh: '人群编号', en: 'Number of the group' }, { min: 1, max: Number.MAX_SAFE_INTEGER })
const settings = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  note: Type.Optional(Type.String({ maxLength: 200, about: { zh: '备注', en: 'Note' } })),
  rule: Type.Optional(groupDetailSchema.properties.rule),
  userIds: Type.Optional(
    Type.Array(Type.String({ maxLength: 64 }), {
      maxItems: listedAtMost,
      about: { zh: '名单中的成员', en: 'Members on its list' },
    }),
  ),
}
const sampleRule = {
  all: [
    { field: 'department', op: 'below', values: ['2'] },
    { field: 'status', op: 'is', values: ['active'] },
  ],
}
const sampleDetail = {
  ...sampleGroup,
  rule: sampleRule,
  userIds: [],
  gone: { departments: [], tags: [], attributes: [] },
  version: 'wJ2n…',
}

/** A token gives by a group no more than by the calls of its own scopes: no role, which no call gives. */
function editorBy({ actor, person, scopes }: AdminCaller): Editor {
  return {
    actor,
    may: use =>
      !use.givesRights &&
      scopes.has(use.point.startsWith('developer:') ? 'admin:developers' : 'admin:apps') &&
      mayAlso(person, use),
  }
}

export const adminGroups = adminCall({
  method: 'GET',
  path: '/api/admin/memberGroups',
  summary: { zh: '列出人群', en: 'List groups' },
  scope: 'admin:directory',
  point: 'directory:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(groupRowSchema) }),
  errors: [],
  sample: { list: [sampleGroup] },
  handle: async (ctx: Core, { corpId }) => ({ list: await listGroups(ctx, corpId) }),
})

export const adminGroup = adminCall({
  method: 'GET',
  path: '/api/admin/memberGroup',
  summary: { zh: '一个人群', en: 'One group' },
  scope: 'admin:directory',
  point: 'directory:read',
  reach: 'corp',
  directory: true,
  input: { id },
  output: groupDetailSchema,
  errors: [],
  sample: sampleDetail,
  sampleInput: { id: sampleGroup.id },
  handle: async (ctx: Core & { mirrors: Mirrors }, { corpId, input }) =>
    groupDetail(ctx, corpId, await knownGroup(ctx.db, corpId, input.id)),
})

export const adminAddGroup = adminCall({
  method: 'POST',
  path: '/api/admin/memberGroup/add',
  summary: { zh: '新建人群', en: 'Make a group' },
  description: {
    zh: '规则的写法见指南「人群」。成员在随后几秒内算出。',
    en: 'The guide Groups says how a rule is written. Its members are found within the next seconds.',
  },
  scope: 'admin:directory',
  point: 'directory:group',
  reach: 'corp',
  directory: true,
  input: {
    group: structured(
      { zh: '名称，以及规则、名单', en: 'Name, and rule or list' },
      Type.Object(settings, { additionalProperties: false }),
    ),
  },
  output: groupDetailSchema,
  errors: ['unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: sampleDetail,
  sampleInput: {
    group: { name: '在职成员 {unique}', rule: { field: 'status', op: 'is', values: ['active'] } },
  },
  async handle(ctx: GroupNeeds, { corpId, input, caller }) {
    const { name, note = '', rule = null, userIds = [] } = input.group
    const id = await addGroup(ctx, editorBy(caller), corpId, { name, note, rule, userIds })
    return groupDetail(ctx, corpId, await knownGroup(ctx.db, corpId, id))
  },
})

export const adminSetGroup = adminCall({
  method: 'POST',
  path: '/api/admin/memberGroup/set',
  summary: { zh: '修改人群', en: 'Change a group' },
  description: { zh: '只写要修改的项。', en: 'Give what changes.' },
  scope: 'admin:directory',
  point: 'directory:group',
  reach: 'corp',
  directory: true,
  input: {
    id,
    group: structured(
      { zh: '要修改的项', en: 'What changes' },
      Type.Partial(Type.Object(settings), { additionalProperties: false }),
    ),
  },
  output: groupDetailSchema,
  errors: ['unknownDepartment', 'unknownTag', 'unknownMember'],
  sample: sampleDetail,
  sampleInput: { id: sampleGroup.id, group: { note: '每月核对' } },
  async handle(ctx: GroupNeeds, { corpId, input, caller }) {
    await setGroup(ctx, editorBy(caller), corpId, input.id, input.group)
    return groupDetail(ctx, corpId, await knownGroup(ctx.db, corpId, input.id))
  },
})

export const adminRemoveGroup = adminCall({
  method: 'POST',
  path: '/api/admin/memberGroup/remove',
  summary: { zh: '删除人群', en: 'Delete a group' },
  description: {
    zh: '仍被应用、公告、开发者或角色使用的人群不能删除，错误说明用在哪里。',
    en: 'A group that an app, an announcement, a developer or a role names is not deleted; the error says where it is used.',
  },
  scope: 'admin:directory',
  point: 'directory:group',
  reach: 'corp',
  directory: true,
  input: { id },
  output: Type.Object({ id: groupShape.id }),
  errors: [],
  sample: { id: sampleGroup.id },
  sampleInput: { id: sampleGroup.id },
  async handle(ctx: GroupNeeds, { corpId, input, caller }) {
    await removeGroup(ctx, caller, corpId, input.id)
    return { id: input.id }
  },
})
