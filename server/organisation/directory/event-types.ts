import { type TSchema, Type } from 'typebox'
import type { EventTypes } from '../../platform/manifest/event-type.ts'
import { sampleDepartment, sampleMember } from './read/samples.ts'
import { departmentSchema, memberWithOrgsSchema } from './read/view.ts'

const scope = 'directory:read'

const memberId = Type.String({ about: { zh: '成员的 userId', en: 'userId of the member' } })
const departmentId = Type.String({ about: { zh: '部门 id', en: 'Id of the department' } })
const tagId = Type.String({ about: { zh: '标签 id', en: 'Id of the tag' } })

const tagSchema = Type.Object({
  tagId,
  tagName: Type.String({ about: { zh: '标签名', en: 'Name of the tag' } }),
  userIds: Type.Array(Type.String(), { about: { zh: '有此标签的成员', en: 'Members with the tag' } }),
  orgIds: Type.Array(Type.String(), { about: { zh: '有此标签的部门', en: 'Departments with the tag' } }),
})

function put(id: TSchema, value: TSchema) {
  return Type.Object({ id, value })
}

const memberValue = { ...sampleMember, orgList: [sampleDepartment] }

/** Changes of the address book, as /api/directory/changes lists them too. */
export const directoryEvents = {
  'directory.member.put': {
    title: { zh: '成员新增或修改', en: 'A member was added or changed' },
    when: {
      zh: '成员新增、资料或所属部门变化，或进入数据范围时；value 是发送时的资料',
      en: 'When a member is added, changes data or departments, or comes into the data scope; value is as of the time of sending',
    },
    scope,
    data: put(memberId, memberWithOrgsSchema),
    sample: { id: 'zhangsan', value: memberValue },
  },
  'directory.member.rename': {
    title: { zh: '成员账号变更', en: 'A member has another userid' },
    when: {
      zh: '企业微信里修改了成员账号时；oldId 是旧账号',
      en: 'When the userid was changed in WeCom; oldId is the old one',
    },
    scope,
    data: Type.Object({
      id: memberId,
      oldId: Type.String({ about: { zh: '旧的 userId', en: 'The old userId' } }),
      value: memberWithOrgsSchema,
    }),
    sample: { id: 'zhangsanfeng', oldId: 'zhangsan', value: { ...memberValue, userId: 'zhangsanfeng' } },
  },
  'directory.member.drop': {
    title: { zh: '成员离开', en: 'A member is gone' },
    when: { zh: '成员被删除，或离开数据范围时', en: 'When a member is deleted, or leaves the data scope' },
    scope,
    data: Type.Object({ id: memberId }),
    sample: { id: 'lisi' },
  },
  'directory.department.put': {
    title: { zh: '部门新增或修改', en: 'A department was added or changed' },
    when: {
      zh: '部门新增、改名、移动或排序变化时',
      en: 'When a department is added, renamed, moved or ordered anew',
    },
    scope,
    data: put(departmentId, departmentSchema),
    sample: { id: sampleDepartment.orgId, value: sampleDepartment },
  },
  'directory.department.drop': {
    title: { zh: '部门删除', en: 'A department is gone' },
    when: { zh: '部门被删除时', en: 'When a department is deleted' },
    scope,
    data: Type.Object({ id: departmentId }),
    sample: { id: '12' },
  },
  'directory.tag.put': {
    title: { zh: '标签新增或修改', en: 'A tag was added or changed' },
    when: {
      zh: '标签新增、改名，或其成员、部门变化时',
      en: 'When a tag is added or renamed, or has other members or departments',
    },
    scope,
    data: put(tagId, tagSchema),
    sample: { id: '3', value: { tagId: '3', tagName: '党员', userIds: ['zhangsan'], orgIds: ['12'] } },
  },
  'directory.tag.drop': {
    title: { zh: '标签删除', en: 'A tag is gone' },
    when: { zh: '标签被删除时', en: 'When a tag is deleted' },
    scope,
    data: Type.Object({ id: tagId }),
    sample: { id: '3' },
  },
  'directory.resync': {
    title: { zh: '需要全量读取', en: 'The address book has to be read again' },
    when: {
      zh: '变更可能不完整时：数据范围变了（scope），或要的变更超过 30 天（expired）。请全量读取通讯录',
      en: 'When changes may be missing: the data scope changed (scope), or they are older than 30 days (expired). Read the whole address book',
    },
    scope,
    data: Type.Object({
      reason: Type.Enum(['scope', 'expired'], {
        about: {
          zh: 'scope：数据范围变了；expired：变更已过期',
          en: 'scope: another data scope; expired: too old',
        },
      }),
    }),
    sample: { reason: 'scope' },
  },
  'group.changed': {
    title: { zh: '人群成员变化', en: 'Members of a group changed' },
    when: {
      zh: '有成员进入或离开人群时；同一次变更引起的进出合并为一个事件，成员用 group/members 读取。有数据范围的开发者只收到数据范围中的人群',
      en: 'When members come into a group or leave it; what one change of the address book brings is one event. Read the members by group/members. A developer with a data scope is told of the groups in it',
    },
    scope,
    data: Type.Object({
      groupId: Type.String({ about: { zh: '人群 id', en: 'Id of the group' } }),
      groupName: Type.String({ about: { zh: '人群名称', en: 'Name of the group' } }),
      members: Type.Integer({ about: { zh: '变化后的人数', en: 'How many members it has now' } }),
      joined: Type.Integer({ about: { zh: '进入的人数', en: 'How many came' } }),
      left: Type.Integer({ about: { zh: '离开的人数', en: 'How many left' } }),
    }),
    sample: { groupId: '7', groupName: '试用期已满', members: 36, joined: 2, left: 1 },
  },
} as const satisfies EventTypes
