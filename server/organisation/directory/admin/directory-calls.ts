import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { choice, structured, text } from '../../../platform/http/input.ts'
import type { Inbox } from '../../../platform/inbox/inbox.ts'
import type { Corps } from '../../corps/corps.ts'
import { memberDetail, memberDetailSchema } from '../console/member-detail.ts'
import { findDepartments, findMembers, findTags } from '../console/search.ts'
import { memberRowSchema, memberRows, seenMember, viewerOf } from '../console/viewer.ts'
import { importLines, removeSupplement } from '../import/import.ts'
import { countRows, importCountsSchema, importProblemSchema, problemsIn } from '../import/import-rows.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import type { Roles } from '../permissions/person.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; roles: Roles }

const userId = text({ zh: '成员账号', en: 'The member' }, { max: 64 })
const {
  roleLevel: _level,
  assigned: _assigned,
  avatarUrl: _avatar,
  ...memberShape
} = memberDetailSchema.properties
const { avatarUrl: _url, ...foundShape } = memberRowSchema.properties

const sampleMember = {
  userId: 'zhangsan',
  userName: '张三',
  alias: '',
  position: '工程师',
  mobile: '13800138000',
  email: 'zhangsan@example.com',
  status: 1,
  departments: [{ orgId: '2', orgName: '研发中心' }],
}

export const adminSearch = adminCall({
  method: 'GET',
  path: '/api/admin/directory/search',
  range: 'departments',
  summary: { zh: '查找成员、部门与标签', en: 'Find members, departments and tags' },
  scope: 'admin:directory',
  point: 'directory:read',
  reach: 'corp',
  directory: true,
  input: {
    text: text(
      { zh: '姓名、账号、手机、拼音，部门名或标签名', en: 'A name, userId, mobile or pinyin' },
      { max: 64 },
    ),
  },
  output: Type.Object({
    members: Type.Array(Type.Object(foundShape)),
    departments: Type.Array(Type.Object({ orgId: Type.String(), orgName: Type.String() })),
    tags: Type.Array(Type.Object({ tagId: Type.String(), tagName: Type.String() })),
  }),
  errors: [],
  sample: { members: [sampleMember], departments: [], tags: [] },
  sampleInput: { text: '张三' },
  async handle(ctx: Core & { corps: Corps; mirrors: Mirrors }, { corpId, input, caller }) {
    const viewer = viewerOf(ctx, corpId, caller.person)
    return {
      members: await memberRows(ctx, viewer, findMembers(viewer, input.text)),
      departments: findDepartments(viewer, input.text),
      tags: findTags(viewer, input.text),
    }
  },
})

export const adminMember = adminCall({
  method: 'GET',
  path: '/api/admin/directory/member',
  range: 'departments',
  summary: { zh: '一个成员', en: 'One member' },
  description: {
    zh: '含资料的来源与最近的变更。',
    en: 'With where each value is from, and the latest changes.',
  },
  scope: 'admin:directory',
  point: 'directory:read',
  reach: 'corp',
  directory: true,
  input: { userId },
  output: Type.Object(memberShape),
  errors: ['unknownMember'],
  sample: {
    ...sampleMember,
    sex: 1,
    address: '',
    canManage: true,
    orgs: [],
    directLeaders: [],
    tags: [],
    origins: [],
    changes: [],
  },
  sampleInput: { userId: '{userId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const viewer = viewerOf(ctx, corpId, caller.person)
    return memberDetail(ctx, viewer, await seenMember(ctx, viewer, input.userId))
  },
})

const linesAtMost = 1000
const line = Type.Object(
  {
    userId: Type.String({ minLength: 1, maxLength: 64 }),
    mobile: Type.Optional(Type.String({ maxLength: 32 })),
    email: Type.Optional(Type.String({ maxLength: 254 })),
  },
  { additionalProperties: false },
)

export const adminSupplement = adminCall({
  method: 'POST',
  path: '/api/admin/directory/supplement',
  range: 'departments',
  summary: { zh: '补充手机与邮箱', en: 'Supplement mobiles and mail addresses' },
  description: {
    zh: '与控制台的导入相同：只补企业微信没有提供的，重复提交无害；有误的行不影响其他行。',
    en: 'As an import in the console: it fills what WeCom leaves empty, may be repeated, and a wrong line stops no other.',
  },
  scope: 'admin:directory',
  point: 'directory:edit',
  reach: 'corp',
  directory: true,
  input: {
    list: structured(
      { zh: '每行一个成员', en: 'A member a line' },
      Type.Array(line, { minItems: 1, maxItems: linesAtMost }),
    ),
  },
  output: Type.Object({ counts: importCountsSchema, problems: Type.Array(importProblemSchema) }),
  errors: [],
  sample: {
    counts: { rows: 1, stored: 1, unchanged: 0, wrong: 0, mobiles: 1, emails: 0 },
    problems: [],
  },
  sampleInput: { list: [{ userId: 'zhangsan', mobile: '13800138000' }] },
  async handle(ctx: Core & { inbox: Inbox; mirrors: Mirrors }, { corpId, input, caller, language }) {
    const viewer = viewerOf(ctx, corpId, caller.person)
    const lines = input.list.map(({ userId, mobile = '', email = '' }) => ({ userId, mobile, email }))
    const rows = await importLines(ctx, viewer, caller.actor, lines)
    return { counts: countRows(rows), problems: problemsIn(language, rows) }
  },
})

export const adminRemoveSupplement = adminCall({
  method: 'POST',
  path: '/api/admin/directory/supplement/remove',
  range: 'departments',
  summary: { zh: '去掉补充的值', en: 'Take a supplemented value away' },
  scope: 'admin:directory',
  point: 'directory:edit',
  reach: 'corp',
  directory: true,
  input: { userId, field: choice({ zh: '哪一项', en: 'Which value' }, ['mobile', 'email', 'avatar']) },
  output: Type.Object({}),
  errors: ['unknownMember'],
  sample: {},
  sampleInput: { userId: '{userId}', field: 'mobile' },
  async handle(ctx: Core & { inbox: Inbox; mirrors: Mirrors }, { corpId, input, caller }) {
    const viewer = viewerOf(ctx, corpId, caller.person)
    await removeSupplement(ctx, viewer, caller.actor, input.userId, input.field)
    return {}
  },
})
